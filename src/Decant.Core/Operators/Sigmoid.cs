using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Sigmoid, element-wise.</summary>
public sealed class Sigmoid(Attributes attributes) : Operator("Sigmoid", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}
