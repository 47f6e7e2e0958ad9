using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Sign: −1, 0 or 1, element-wise.</summary>
public sealed class Sign(Attributes attributes) : Operator("Sign", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}
