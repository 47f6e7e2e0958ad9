using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>
/// ONNX MatMulInteger: the product of 8-bit matrices less their zero points, in int32. Inputs A, B, optional zero points: one number,
/// one a row of A, one a column of B.
/// </summary>
public sealed class MatMulInteger(Attributes attributes) : Operator("MatMulInteger", attributes, (2, 4))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        One(ElementType.Int32, inputs.Shape(0) is { } a && inputs.Shape(1) is { } b ? MatMul.Product(a, b) : null);

    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => new MatMul(Attributes.None).Macs(inputs);
}
