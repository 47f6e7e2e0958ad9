using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Reciprocal: 1/x, element-wise.</summary>
public sealed class Reciprocal(Attributes attributes) : Operator("Reciprocal", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}
