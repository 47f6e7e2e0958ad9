using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>
/// ONNX QLinearMatMul: the product of 8-bit matrices, quantized again. Inputs a, its scale and zero point, b, its scale and zero
/// point, the result's scale and zero point.
/// </summary>
public sealed class QLinearMatMul(Attributes attributes) : Operator("QLinearMatMul", attributes, (8, 8))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        One(inputs.Type(7), inputs.Shape(0) is { } a && inputs.Shape(3) is { } b ? MatMul.Product(a, b) : null);

    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) =>
        new MatMul(Attributes.None).Macs(new OperatorInputs([inputs.Types[0], inputs.Types[3]], [null, null]));
}
