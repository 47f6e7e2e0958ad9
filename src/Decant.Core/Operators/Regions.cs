using System.Collections.Immutable;
using Decant.Core.Channels;
using Decant.Core.Channels.Rules;

namespace Decant.Core.Operators;

/// <summary>Boxes of images (N, C, H, W), each pooled to one height and width.</summary>
public abstract class RegionOperator : Operator
{
    private protected RegionOperator(
        string type,
        Attributes attributes,
        (int Min, int Max) inputs,
        params ReadOnlySpan<string> known
    )
        : base(type, attributes, inputs, known) => Scale = attributes.Float("spatial_scale", 1);

    /// <summary>The height of the result.</summary>
    public int Height { get; private protected init; }

    /// <summary>The width of the result.</summary>
    public int Width { get; private protected init; }

    /// <summary>What the boxes' coordinates are multiplied with.</summary>
    public float Scale { get; }

    /// <inheritdoc/>
    public sealed override long Macs(OperatorInputs inputs) => 0;

    /// <inheritdoc/>
    public sealed override LayerAxes? AxesOf(int input, Shape weight) => null;

    /// <inheritdoc/>
    public override OperatorTraits Traits => OperatorTraits.None;

    /// <inheritdoc/>
    public sealed override bool IsSetting(int input) => false;

    /// <inheritdoc/>
    internal sealed override ChannelRule ChannelRule => ChannelRules.Unknown;

    private protected static void Check(OperatorInputs inputs, int columns)
    {
        inputs.RequireType(0, TypeSet.Floats);
        inputs.RequireSameType(1, 0);
        if (inputs.Shape(0) is { Rank: not 4 } x)
            throw new ModelException($"input 0 has shape {x}; images (N, C, H, W) are possible");
        if (inputs.Shape(1) is { } boxes && (boxes.Rank != 2 || boxes[1] != columns && boxes[1] != Shape.Unknown))
            throw new ModelException($"input 1 has shape {boxes}; boxes (R, {columns}) are possible");
    }
}

/// <summary>
/// ONNX RoiAlign (He et al. 2017): each of R boxes (x, y, x, y) of an image of X (N, C, H, W) as (C, h, w): the mean or
/// the maximum of samples between pixels (of what each pixel adds to one). Input 2 says which image.
/// </summary>
public sealed class RoiAlign : RegionOperator
{
    /// <summary>Reads the attributes.</summary>
    /// <exception cref="ModelException">One of them is none that there is.</exception>
    public RoiAlign(Attributes attributes)
        : base(
            "RoiAlign",
            attributes,
            (3, 3),
            "coordinate_transformation_mode",
            "mode",
            "output_height",
            "output_width",
            "sampling_ratio",
            "spatial_scale"
        )
    {
        string mode = attributes.Text("mode", "avg"),
            shift = attributes.Text("coordinate_transformation_mode", "half_pixel");
        if (mode is not ("avg" or "max"))
            throw new ModelException($"attribute 'mode' is '{mode}'; avg and max are possible");
        if (shift is not ("half_pixel" or "output_half_pixel"))
            throw new ModelException(
                $"attribute 'coordinate_transformation_mode' is '{shift}'; half_pixel and output_half_pixel "
                    + "are possible"
            );
        (IsMax, IsShifted) = (mode == "max", shift == "half_pixel");
        Height = Size(attributes, "output_height", 1);
        Width = Size(attributes, "output_width", 1);
        Samples = Size(attributes, "sampling_ratio", 0);
    }

    /// <summary>Whether the largest sample counts, not the mean.</summary>
    public bool IsMax { get; }

    /// <summary>Whether coordinates are of pixels' middles; else boxes are at least a pixel large.</summary>
    public bool IsShifted { get; }

    /// <summary>Samples along each axis of a place of the result; 0 for about one a pixel.</summary>
    public int Samples { get; }

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        Check(inputs, 4);
        inputs.RequireType(2, TypeSet.Of(ElementType.Int64));
        inputs.RequireVector(2, inputs.Shape(1)?[0] ?? Shape.Unknown, "box");
        if (inputs.Integers(2) is { } images && inputs.Shape(0) is { } known && known[0] >= 0)
            foreach (long image in images)
                if (image < 0 || image >= known[0])
                    throw new ModelException($"a box of image {image}; there are {known[0]}");
        int count = inputs.Shape(1)?[0] ?? inputs.Shape(2)?[0] ?? Shape.Unknown;
        if (count == Shape.Unknown)
            count = inputs.Shape(2)?[0] ?? Shape.Unknown;
        return One(inputs.Type(0), new Shape(count, inputs.Shape(0)?[1] ?? Shape.Unknown, Height, Width));
    }

    private static int Size(Attributes attributes, string name, int least) =>
        attributes.Int(name, least) is var size && size >= least && size <= int.MaxValue
            ? (int)size
            : throw new ModelException($"attribute '{name}' is {size}; {least} or more is possible");
}

/// <summary>
/// ONNX MaxRoiPool (Girshick 2015): each of R boxes (image, x, y, x, y) of X (N, C, H, W) as (C, h, w), the maximum of
/// the pixels of each part; 0 of none.
/// </summary>
public sealed class MaxRoiPool : RegionOperator
{
    /// <summary>Reads the attributes.</summary>
    /// <exception cref="ModelException">One of them is none that there is.</exception>
    public MaxRoiPool(Attributes attributes)
        : base("MaxRoiPool", attributes, (2, 2), "pooled_shape", "spatial_scale")
    {
        ImmutableArray<long> shape = attributes.Ints("pooled_shape");
        if (shape.Length != 2 || shape.Any(e => e is < 1 or > int.MaxValue))
            throw new ModelException(
                $"attribute 'pooled_shape' is '{string.Join(", ", shape)}'; two extents are possible"
            );
        (Height, Width) = ((int)shape[0], (int)shape[1]);
    }

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        Check(inputs, 5);
        int count = inputs.Shape(1)?[0] ?? Shape.Unknown,
            channels = inputs.Shape(0)?[1] ?? Shape.Unknown;
        return One(inputs.Type(0), new Shape(count, channels, Height, Width));
    }
}
