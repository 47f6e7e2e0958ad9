using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Exp: eˣ, element-wise.</summary>
public sealed class Exp(Attributes attributes) : Operator("Exp", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}
