using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX LessOrEqual: a ≤ b, broadcast both ways.</summary>
public sealed class LessOrEqual(Attributes attributes) : Operator("LessOrEqual", attributes, (2, 2))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Comparison(inputs);
}
