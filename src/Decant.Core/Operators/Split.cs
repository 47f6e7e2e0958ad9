using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Split along <see cref="Axis"/>: into the extents of input 1, or num_outputs parts of which the last may be smaller.</summary>
public sealed class Split(Attributes attributes) : Operator("Split", attributes, (1, 2), "axis", "num_outputs")
{
    private const int MaxParts = 1 << 16;
    private readonly long parts = attributes.Int("num_outputs", 0);

    /// <summary>The axis; negative counts from the end.</summary>
    public long Axis { get; } = attributes.Int("axis", 0);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        if (inputs.Shape(0) is not { } x || (inputs.Has(1) && inputs.Integers(1) is null)) return [new TensorType(inputs.Type(0), null)];
        int axis = x.Axis(Axis);
        return [.. Sizes(x[axis], inputs.Integers(1)).Select(size => new TensorType(inputs.Type(0), x.With(axis, size)))];
    }

    /// <summary>The extent of each part along the axis.</summary>
    /// <exception cref="ModelException">They do not add up to the whole.</exception>
    public int[] Sizes(int extent, long[]? given)
    {
        if (given is null) return Even(extent);
        long rest = given.Aggregate((long)extent, (n, size) => size is >= 0 and <= int.MaxValue ? n - size : throw new ModelException($"a part of {size} in a Split"));
        if (extent >= 0 && rest != 0) throw new ModelException($"parts of {string.Join('+', given)} do not make up an axis of {extent}");
        return Array.ConvertAll(given, size => (int)size);
    }

    private int[] Even(int extent)
    {
        if (parts is < 1 or > MaxParts) throw new ModelException($"num_outputs is {parts}; without sizes it must be 1 to {MaxParts}");
        var sizes = new int[parts];
        Array.Fill(sizes, extent < 0 ? Shape.Unknown : (int)((extent + parts - 1) / parts));
        if (extent < 0) return sizes;
        long last = extent - (parts - 1) * sizes[0];
        sizes[^1] = last >= 0 ? (int)last : throw new ModelException($"an axis of {extent} does not split into {parts} parts");
        return sizes;
    }
}
