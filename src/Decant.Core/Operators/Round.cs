using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Round: the nearest integer, halves to even, element-wise.</summary>
public sealed class Round(Attributes attributes) : Operator("Round", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}
