using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Relu, element-wise.</summary>
public sealed class Relu(Attributes attributes) : Operator("Relu", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}
