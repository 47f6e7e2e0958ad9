using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Softsign: x/(1 + |x|), element-wise.</summary>
public sealed class Softsign(Attributes attributes) : Operator("Softsign", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}
