using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX ThresholdedRelu: x where above alpha, else 0.</summary>
public sealed class ThresholdedRelu(Attributes attributes) : Operator("ThresholdedRelu", attributes, (1, 1), "alpha")
{
    /// <summary>The threshold.</summary>
    public float Alpha { get; } = attributes.Float("alpha", 1);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}
