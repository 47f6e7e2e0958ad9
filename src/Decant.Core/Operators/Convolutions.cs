using System.Collections.Immutable;
using Decant.Core.Channels;
using Decant.Core.Channels.Rules;

namespace Decant.Core.Operators;

/// <summary>ONNX Conv: X (N, C, spatial…), W (M, C/group, kernel…), optional B (M).</summary>
public sealed class Conv(Attributes attributes)
    : LinearOperator("Conv", attributes, (2, 3), "auto_pad", "dilations", "group", "kernel_shape", "pads", "strides")
{
    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Conv;

    /// <inheritdoc/>
    public override int? BiasInput => 2;

    /// <inheritdoc/>
    public override int InputChannelAxis(int rank) => 1;

    /// <inheritdoc/>
    public override int OutputChannelAxis(int rank) => 1;

    /// <inheritdoc/>
    public override LayerAxes? AxesOf(int input, Shape weight) =>
        input == WeightInput && weight.Rank > 2 ? Windowed(weight, Group, output: 1) : null;

    /// <summary>The sliding window.</summary>
    public Window Window { get; } = new(attributes);

    /// <summary>How many groups the channels fall into.</summary>
    public int Group { get; } =
        attributes.Int("group", 1) is > 0 and <= int.MaxValue and var g
            ? (int)g
            : throw new ModelException("attribute 'group' must be 1 or more");

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireType(0, TypeSet.Floats);
        inputs.RequireSameTypes();
        if (inputs.Shape(1) is { Rank: > 0 } filters)
            inputs.RequireVector(2, filters[0], "output channel");
        return One(inputs.Type(0), Output(inputs.Shape(0), inputs.Shape(1)));
    }

    /// <summary>The shape of the result; null if it cannot be known.</summary>
    /// <exception cref="ModelException">Input and weight do not fit.</exception>
    internal Shape? Output(Shape? input, Shape? weight)
    {
        if (input is not { } x || weight is not { } w)
            return null;
        if (x.Rank < 3 || w.Rank != x.Rank)
            throw new ModelException($"input of shape {x} and weight of shape {w} do not fit");
        CheckKernel(Window, w);
        if (x[1] >= 0 && w[1] >= 0 && x[1] != (long)w[1] * Group)
            throw new ModelException(
                $"the input has {x[1]} channels, the weight {w} with {Group} groups takes {(long)w[1] * Group}"
            );
        if (w[0] >= 0 && w[0] % Group != 0)
            throw new ModelException($"{w[0]} output channels do not fall into {Group} groups");
        return w.Dims.AsSpan()[2..].Contains(Shape.Unknown) ? null : Window.Output(x, w[0], w.Dims.AsSpan()[2..]);
    }

    /// <summary>Checks the spatial extents of a weight: each at least 1, and those that kernel_shape states.</summary>
    internal static void CheckKernel(Window window, Shape w)
    {
        if (w.Dims.AsSpan()[2..].Contains(0))
            throw new ModelException($"a weight of shape {w} has no taps; each spatial extent must be 1 or more");
        bool fits =
            window.Kernel.IsEmpty
            || (
                window.Kernel.Length == w.Rank - 2
                && window.Kernel.Zip(w.Dims.Skip(2)).All(k => k.Second == Shape.Unknown || k.First == k.Second)
            );
        if (!fits)
            throw new ModelException($"kernel_shape {string.Join('×', window.Kernel)} is not that of the weight {w}");
    }

    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => MultiplyAccumulates(inputs.Shape(0), inputs.Shape(1));

    /// <summary>Multiply-accumulates of a convolution of these shapes; 0 where they are not known.</summary>
    internal long MultiplyAccumulates(Shape? input, Shape? weight) =>
        Output(input, weight) is { IsKnown: true } y && weight is { IsKnown: true } w ? y.Count * w.CountFrom(1) : 0;
}

/// <summary>
/// ONNX ConvInteger: <see cref="Conv"/> of 8-bit x and w less their zero points (inputs 2 and 3, optional), in int32.
/// </summary>
public sealed class ConvInteger(Attributes attributes)
    : Operator("ConvInteger", attributes, (2, 4), "auto_pad", "dilations", "group", "kernel_shape", "pads", "strides")
{
    /// <inheritdoc/>
    public override LayerAxes? AxesOf(int input, Shape weight) => null;

    /// <inheritdoc/>
    public override OperatorTraits Traits => OperatorTraits.None;

    /// <inheritdoc/>
    public override bool IsSetting(int input) => input > 1;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Unknown;

    /// <summary>The convolution of what is left after the zero points.</summary>
    public Conv Convolution { get; } = new(attributes);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => One(ElementType.Int32, Output(inputs));

    private Shape? Output(OperatorInputs inputs)
    {
        inputs.RequireType(0, TypeSet.Bytes);
        inputs.RequireType(1, TypeSet.Bytes);
        inputs.RequireSameType(2, 0);
        inputs.RequireSingle(2);
        inputs.RequireSameType(3, 1);
        if (inputs.Shape(1) is { Rank: > 0 } filters)
            inputs.RequireSingleOrVector(3, filters[0], "output channel");
        return Convolution.Output(inputs.Shape(0), inputs.Shape(1));
    }

    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) =>
        Convolution.MultiplyAccumulates(inputs.Shape(0), inputs.Shape(1));
}

/// <summary>
/// ONNX QLinearConv: a convolution of 8-bit tensors, quantized again. Inputs x, its scale and zero point, w, its scale
/// and zero point (one or one an output channel), the result's scale and zero point, optional B in int32 at the scale
/// x_scale·w_scale.
/// </summary>
public sealed class QLinearConv(Attributes attributes)
    : Operator("QLinearConv", attributes, (8, 9), "auto_pad", "dilations", "group", "kernel_shape", "pads", "strides")
{
    /// <inheritdoc/>
    public override LayerAxes? AxesOf(int input, Shape weight) => null;

    /// <inheritdoc/>
    public override OperatorTraits Traits => OperatorTraits.None;

    /// <inheritdoc/>
    public override bool IsSetting(int input) => input is not (0 or 3 or 8);

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Unknown;

    /// <summary>The convolution of what is left after the zero points.</summary>
    public Conv Convolution { get; } = new(attributes);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        int channels = inputs.Shape(3) is { Rank: > 0 } w ? w[0] : Shape.Unknown;
        CheckQuantized(inputs);
        inputs.RequireSingle(1);
        inputs.RequireSingle(2);
        foreach (int i in new[] { 4, 5, 6, 7 })
            inputs.RequireSingleOrVector(i, channels, "output channel");
        inputs.RequireType(8, TypeSet.Of(ElementType.Int32));
        inputs.RequireVector(8, channels, "output channel");
        return One(inputs.Type(7), Convolution.Output(inputs.Shape(0), inputs.Shape(3)));
    }

    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) =>
        Convolution.MultiplyAccumulates(inputs.Shape(0), inputs.Shape(3));

    /// <summary>
    /// Checks the element types of two quantized factors and a quantized result: each is followed by its scale and
    /// zero point, and inputs 6 and 7 are those of the result.
    /// </summary>
    internal static void CheckQuantized(OperatorInputs inputs)
    {
        foreach (int factor in new[] { 0, 3 })
        {
            inputs.RequireType(factor, TypeSet.Bytes);
            inputs.RequireType(factor + 1, TypeSet.Floats);
            inputs.RequireSameType(factor + 2, factor);
        }
        inputs.RequireType(6, TypeSet.Floats);
        inputs.RequireType(7, TypeSet.Bytes);
        QuantizeLinear.CheckZeroPoint(inputs, 6, 7);
    }
}

/// <summary>
/// ONNX ConvTranspose: X (N, C, spatial…), W (C, M/group, kernel…), optional B (M): what the gradient of a Conv by
/// its input is.
/// </summary>
public sealed class ConvTranspose(Attributes attributes)
    : LinearOperator(
        "ConvTranspose",
        attributes,
        (2, 3),
        "auto_pad",
        "dilations",
        "group",
        "kernel_shape",
        "output_padding",
        "output_shape",
        "pads",
        "strides"
    )
{
    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.ConvTranspose;

    /// <inheritdoc/>
    public override int? BiasInput => 2;

    /// <inheritdoc/>
    public override int InputChannelAxis(int rank) => 1;

    /// <inheritdoc/>
    public override int OutputChannelAxis(int rank) => 1;

    /// <inheritdoc/>
    public override LayerAxes? AxesOf(int input, Shape weight) =>
        input == WeightInput && weight.Rank > 2 ? Windowed(weight, Group, output: 2) : null;

    private readonly ImmutableArray<long> extra = Extra(attributes, "output_padding"),
        wanted = Extra(attributes, "output_shape", 1);

    /// <summary>The sliding window of the Conv.</summary>
    public Window Window { get; } = new(attributes);

    /// <summary>How many groups the channels fall into.</summary>
    public int Group { get; } =
        attributes.Int("group", 1) is > 0 and <= int.MaxValue and var g
            ? (int)g
            : throw new ModelException("attribute 'group' must be 1 or more");

    /// <summary>What is cropped before each spatial axis of the result, and the extent that is left.</summary>
    public (int Before, int Output)[] Fit(Shape x, Shape w)
    {
        int rank = x.Rank - 2;
        foreach (var given in new[] { extra, wanted })
            if (!given.IsEmpty && given.Length != rank)
                throw new ModelException(
                    $"output_padding or output_shape holds {given.Length} values for {rank} spatial axes"
                );
        var fit = new (int, int)[rank];
        for (int i = 0; i < rank; i++)
            fit[i] =
                x[i + 2] < 0
                    ? (0, Shape.Unknown)
                    : Window.Against(
                        i,
                        rank,
                        w[i + 2],
                        x[i + 2],
                        extra.IsEmpty ? 0 : extra[i],
                        wanted.IsEmpty ? null : wanted[i]
                    );
        return fit;
    }

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireType(0, TypeSet.Floats);
        inputs.RequireSameTypes();
        if (inputs.Shape(0) is not { } x || inputs.Shape(1) is not { IsKnown: true } w)
            return [new TensorType(inputs.Type(0), null)];
        if (x.Rank < 3 || w.Rank != x.Rank || (x[1] >= 0 && x[1] != w[0]))
            throw new ModelException($"input of shape {x} and weight of shape {w} do not fit");
        if (w[0] % Group != 0)
            throw new ModelException($"{w[0]} input channels do not fall into {Group} groups");
        if (x.Dims.AsSpan()[2..].Contains(0))
            throw new ModelException($"an input of shape {x} has no places to spread");
        Conv.CheckKernel(Window, w);
        inputs.RequireVector(2, Extents.Times(w[1], Group), "output channel");
        Window.CheckRank(x.Rank - 2, w.Rank - 2, x);
        return One(inputs.Type(0), new Shape([x[0], Extents.Times(w[1], Group), .. Fit(x, w).Select(f => f.Output)]));
    }

    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) =>
        inputs.Shape(0) is { IsKnown: true } x && inputs.Shape(1) is { IsKnown: true } w
            ? checked(x.Count * w.CountFrom(1))
            : 0;

    private static ImmutableArray<long> Extra(Attributes attributes, string name, int least = 0)
    {
        foreach (long n in attributes.Ints(name))
            if (n < least || n > int.MaxValue / 4)
                throw new ModelException($"attribute '{name}' holds {n}; it must be {least} or more");
        return attributes.Ints(name);
    }
}
