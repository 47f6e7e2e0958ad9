using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Tanh, element-wise.</summary>
public sealed class Tanh(Attributes attributes) : Operator("Tanh", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}
