using System.Collections.Immutable;
using Decant.Core.Channels;
using Decant.Core.Channels.Rules;

namespace Decant.Core.Operators;

/// <summary>
/// ONNX Gather: slices of data along <see cref="Axis"/>, as the indices of input 1 say; negative ones count from the
/// end.
/// </summary>
public sealed class Gather(Attributes attributes) : MovementOperator("Gather", attributes, (2, 2), "axis")
{
    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Gather;

    /// <summary>The axis; negative counts from the end.</summary>
    public long Axis { get; } = attributes.Int("axis", 0);

    /// <inheritdoc/>
    public override int? LookupAxis(int input, Shape table) => input == 0 && table.Rank > 1 ? table.Axis(Axis) : null;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireType(1, TypeSet.Indices);
        if (inputs.Shape(0) is not { } x || inputs.Shape(1) is not { } indices)
            return [new TensorType(inputs.Type(0), null)];
        int axis = x.Axis(Axis);
        return One(inputs.Type(0), new Shape([.. x.Dims[..axis], .. indices.Dims, .. x.Dims[(axis + 1)..]]));
    }
}

/// <summary>
/// ONNX GatherElements: for each index of input 1, the element of data at the same place but for <see cref="Axis"/>,
/// where the index says.
/// </summary>
public sealed class GatherElements(Attributes attributes)
    : MovementOperator("GatherElements", attributes, (2, 2), "axis")
{
    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Unknown;

    /// <summary>The axis; negative counts from the end.</summary>
    public long Axis { get; } = attributes.Int("axis", 0);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireType(1, TypeSet.Indices);
        if (inputs.Shape(0) is { } x && inputs.Shape(1) is { } indices)
            Check(x, indices, Axis);
        return One(inputs.Type(0), inputs.Shape(1));
    }

    internal static void Check(Shape x, Shape indices, long axisOfIndices)
    {
        if (x.Rank != indices.Rank)
            throw new ModelException($"indices of shape {indices} do not fit data of shape {x}: ranks differ");
        int along = x.Axis(axisOfIndices);
        for (int axis = 0; axis < x.Rank; axis++)
            if (axis != along && x[axis] >= 0 && indices[axis] > x[axis])
                throw new ModelException(
                    $"indices of shape {indices} reach beyond data of shape {x} along axis {axis}"
                );
    }
}

/// <summary>
/// ONNX GatherND: the last axis of the indices holds places in data after <see cref="BatchDims"/> axes that both share.
/// </summary>
public sealed class GatherND(Attributes attributes) : MovementOperator("GatherND", attributes, (2, 2), "batch_dims")
{
    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Unknown;

    /// <summary>How many leading axes data and indices share.</summary>
    public long BatchDims { get; } = attributes.Int("batch_dims", 0);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireType(1, TypeSet.Indices);
        return One(
            inputs.Type(0),
            inputs.Shape(0) is { } x && inputs.Shape(1) is { } indices ? Output(x, indices) : null
        );
    }

    private Shape? Output(Shape x, Shape indices)
    {
        if (BatchDims < 0 || BatchDims >= Math.Min(x.Rank, indices.Rank))
            throw new ModelException(
                $"batch_dims {BatchDims} does not fit data of shape {x} and indices of shape {indices}"
            );
        int batch = (int)BatchDims,
            taken = indices[-1];
        if (taken < 0)
            return null;
        if (taken == 0 || taken > x.Rank - batch)
            throw new ModelException($"indices of {taken} elements for {x.Rank - batch} axes");
        for (int axis = 0; axis < batch; axis++)
            if (x[axis] >= 0 && indices[axis] >= 0 && x[axis] != indices[axis])
                throw new ModelException($"data of shape {x} and indices of shape {indices} differ along axis {axis}");
        return new Shape([.. indices.Dims[..^1], .. x.Dims[(batch + taken)..]]);
    }
}

/// <summary>
/// ONNX ScatterElements: a copy of data in which each update of input 2 goes to its own place but for
/// <see cref="Axis"/>, where the index of input 1 says; several at one place are combined by <see cref="Reduction"/>,
/// in order.
/// </summary>
public sealed class ScatterElements(Attributes attributes)
    : Operator("ScatterElements", attributes, (3, 3), "axis", "reduction")
{
    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => 0;

    /// <inheritdoc/>
    public override LayerAxes? AxesOf(int input, Shape weight) => null;

    /// <inheritdoc/>
    public override OperatorTraits Traits => Reduction == "none" ? OperatorTraits.MovesElements : OperatorTraits.None;

    /// <inheritdoc/>
    public override bool IsSetting(int input) => input == 1;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Unknown;

    /// <summary>The axis; negative counts from the end.</summary>
    public long Axis { get; } = attributes.Int("axis", 0);

    private static readonly TypeSet Types = TypeSet.Of(
        ElementType.Float32,
        ElementType.Float64,
        ElementType.Int32,
        ElementType.Int64,
        ElementType.Int8,
        ElementType.UInt8
    );

    /// <summary>none (the update replaces), add, mul, max or min.</summary>
    public string Reduction { get; } =
        attributes.Text("reduction", "none") is "none" or "add" or "mul" or "max" or "min"
            ? attributes.Text("reduction", "none")
            : throw new ModelException("attribute 'reduction' must be none, add, mul, max or min");

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        if (inputs.Shape(0) is { } x && inputs.Shape(1) is { } indices)
            GatherElements.Check(x, indices, Axis);
        inputs.RequireType(0, Types);
        inputs.RequireType(1, TypeSet.Indices);
        inputs.RequireSameType(2, 0);
        if (
            inputs.Shape(1) is { IsKnown: true } places
            && inputs.Shape(2) is { IsKnown: true } updates
            && places != updates
        )
            throw new ModelException($"indices of shape {places} and updates of shape {updates}; they must agree");
        return [inputs.Types[0]];
    }
}

/// <summary>
/// ONNX OneHot: inputs indices, depth, values (off, on). A new axis of extent depth holds the on value where an index
/// says, the off value elsewhere; an index outside -depth..depth-1 is nowhere.
/// </summary>
public sealed class OneHot(Attributes attributes) : Operator("OneHot", attributes, (3, 3), "axis")
{
    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => 0;

    /// <inheritdoc/>
    public override LayerAxes? AxesOf(int input, Shape weight) => null;

    /// <inheritdoc/>
    public override OperatorTraits Traits => OperatorTraits.None;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Unknown;

    private readonly long axis = attributes.Int("axis", -1);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireType(0, TypeSet.Numbers);
        inputs.RequireType(1, TypeSet.Numbers);
        inputs.RequireSingle(1);
        inputs.RequireVector(2, 2, "of off and on");
        if (inputs.Shape(0) is not { } indices)
            return [new TensorType(inputs.Type(2), null)];
        int at = Axis(indices),
            depth = Shape.Unknown;
        if (inputs.Doubles(1) is { } given)
            depth = given is [>= 0 and <= int.MaxValue and var d]
                ? (int)d
                : throw new ModelException($"a depth of {string.Join(',', given)}; it must be one value, 0 or more");
        return One(inputs.Type(2), new Shape([.. indices.Dims[..at], depth, .. indices.Dims[at..]]));
    }

    /// <inheritdoc/>
    public override bool IsSetting(int input) => input > 0;

    /// <summary>Where the new axis is put.</summary>
    public int Axis(Shape indices) => new Shape(new int[indices.Rank + 1]).Axis(axis);
}

/// <summary>ONNX NonZero: a column of coordinates (int64) for each element that is not 0, in row-major order.</summary>
public sealed class NonZero(Attributes attributes) : Operator("NonZero", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => 0;

    /// <inheritdoc/>
    public override LayerAxes? AxesOf(int input, Shape weight) => null;

    /// <inheritdoc/>
    public override OperatorTraits Traits => OperatorTraits.None;

    /// <inheritdoc/>
    public override bool IsSetting(int input) => false;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Unknown;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        if (inputs.Shape(0) is not { } x)
            return [new TensorType(ElementType.Int64, null)];
        return One(
            ElementType.Int64,
            new Shape(x.Rank, inputs.Constant(0) is { } values ? Places(values).Count : Shape.Unknown)
        );
    }

    /// <summary>Where the elements are that are not 0, in row-major order.</summary>
    public static IReadOnlyList<int> Places(Tensor values)
    {
        var places = new List<int>();
        ReadOnlySpan<byte> bytes = values.Bytes();
        int size = values.Type.Size();
        // The highest bit of a floating-point number is its sign: -0 is 0.
        bool signed = values.Type is ElementType.Float32 or ElementType.Float64 or ElementType.Float16;
        for (int i = 0; i < values.Count; i++)
        {
            ReadOnlySpan<byte> element = bytes.Slice(i * size, size);
            int high = BitConverter.IsLittleEndian ? size - 1 : 0,
                rest = element.IndexOfAnyExcept((byte)0);
            if (
                rest >= 0
                && !(
                    signed
                    && (element[high] & 127) == 0
                    && rest == high
                    && element[(high + 1)..].IndexOfAnyExcept((byte)0) < 0
                )
            )
                places.Add(i);
        }
        return places;
    }
}

/// <summary>
/// ONNX TopK: the greatest or least numbers along <see cref="Axis"/> and their places (int64), best first; equal
/// numbers in order of place.
/// </summary>
public sealed class TopK(Attributes attributes) : Operator("TopK", attributes, (2, 2), "axis", "largest", "sorted")
{
    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => 0;

    /// <inheritdoc/>
    public override LayerAxes? AxesOf(int input, Shape weight) => null;

    /// <inheritdoc/>
    public override OperatorTraits Traits => OperatorTraits.SelectsElements;

    /// <inheritdoc/>
    public override bool IsSetting(int input) => input > 0;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Unknown;

    /// <summary>The axis; negative counts from the end.</summary>
    public long Axis { get; } = attributes.Int("axis", -1);

    /// <summary>Whether the greatest are wanted rather than the least.</summary>
    public bool Largest { get; } = attributes.Flag("largest", true);

    /// <inheritdoc/>
    protected override int MostOutputs => 2;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireType(0, TypeSet.Numbers);
        inputs.RequireInteger(1);
        Shape? shape = inputs.Shape(0) is { } x && inputs.Integers(1) is { } k ? Output(x, k) : null;
        return [new TensorType(inputs.Type(0), shape), new TensorType(ElementType.Int64, shape)];
    }

    private Shape Output(Shape x, long[] k)
    {
        int axis = x.Axis(Axis);
        if (k.Length != 1 || k[0] < 0 || (x[axis] >= 0 && k[0] > x[axis]))
            throw new ModelException(
                $"k of {string.Join(',', k)} for an axis of {x[axis]}; it must be one value, 0 to the axis's extent"
            );
        return x.With(axis, checked((int)k[0]));
    }
}
