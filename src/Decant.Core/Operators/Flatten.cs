using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Flatten: a matrix of the axes before <see cref="Axis"/> by the axes from it on.</summary>
public sealed class Flatten(Attributes attributes) : Operator("Flatten", attributes, (1, 1), "axis")
{
    /// <summary>Where the rows end; negative counts from the end.</summary>
    public int Axis { get; } = (int)attributes.Int("axis", 1);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        One(inputs.Type(0), inputs.Shape(0) is { } x ? Output(x) : null);

    /// <summary>The shape of the result; an extent is unknown where a factor is.</summary>
    /// <exception cref="ModelException">The axis is outside the shape.</exception>
    public Shape Output(Shape x)
    {
        int axis = Axis == x.Rank ? Axis : x.Axis(Axis);
        return new Shape(Product(x.Dims.AsSpan()[..axis]), Product(x.Dims.AsSpan()[axis..]));
    }

    private static int Product(ReadOnlySpan<int> dims)
    {
        if (dims.Contains(Shape.Unknown)) return Shape.Unknown;
        long n = new Shape(dims).Count;
        return n <= int.MaxValue ? (int)n : throw new ModelException($"flattening makes an extent of {n}");
    }
}
