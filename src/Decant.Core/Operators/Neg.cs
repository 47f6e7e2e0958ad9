using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Neg: −x, element-wise.</summary>
public sealed class Neg(Attributes attributes) : Operator("Neg", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}
