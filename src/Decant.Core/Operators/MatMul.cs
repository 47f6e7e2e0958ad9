using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX MatMul: matrix product over the last two axes, the others broadcast; vectors are promoted as in NumPy.</summary>
public sealed class MatMul(Attributes attributes) : Operator("MatMul", attributes, (2, 2))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        inputs.Shape(0) is { } a && inputs.Shape(1) is { } b ? One(inputs.Type(0), Product(a, b)) : [new TensorType(inputs.Type(0), null)];

    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) =>
        Infer(inputs)[0]?.Shape is { IsKnown: true } y && inputs.Shape(0) is { IsKnown: true } a ? y.Count * a[-1] : 0;

    /// <summary>The shape of a product.</summary>
    /// <exception cref="ModelException">The operands do not fit.</exception>
    public static Shape Product(Shape a, Shape b)
    {
        if (a.Rank == 0 || b.Rank == 0) throw new ModelException($"MatMul needs vectors or matrices, not {a} and {b}");
        Shape x = a.Rank == 1 ? new Shape(1, a[0]) : a, y = b.Rank == 1 ? new Shape(b[0], 1) : b;
        if (x[-1] >= 0 && y[-2] >= 0 && x[-1] != y[-2]) throw new ModelException($"shapes {a} and {b} do not multiply: {x[-1]} against {y[-2]}");
        Shape batch = Shape.Broadcast(new Shape(x.Dims.AsSpan()[..^2]), new Shape(y.Dims.AsSpan()[..^2]));
        List<int> dims = [.. batch.Dims];
        if (a.Rank > 1) dims.Add(x[-2]);
        if (b.Rank > 1) dims.Add(y[-1]);
        return new Shape([.. dims]);
    }
}
