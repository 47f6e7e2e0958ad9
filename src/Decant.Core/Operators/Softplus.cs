using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Softplus: ln(1 + eˣ), element-wise.</summary>
public sealed class Softplus(Attributes attributes) : Operator("Softplus", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}
