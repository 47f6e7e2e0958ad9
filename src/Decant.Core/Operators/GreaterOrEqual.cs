using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX GreaterOrEqual: a ≥ b, broadcast both ways.</summary>
public sealed class GreaterOrEqual(Attributes attributes) : Operator("GreaterOrEqual", attributes, (2, 2))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Comparison(inputs);
}
