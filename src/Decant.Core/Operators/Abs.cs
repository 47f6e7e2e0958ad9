using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Abs: |x|, element-wise.</summary>
public sealed class Abs(Attributes attributes) : Operator("Abs", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}
