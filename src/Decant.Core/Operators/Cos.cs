using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Cos, element-wise.</summary>
public sealed class Cos(Attributes attributes) : Operator("Cos", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}
