using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX HardSigmoid: max(0, min(1, alpha·x + beta)).</summary>
public sealed class HardSigmoid(Attributes attributes) : Operator("HardSigmoid", attributes, (1, 1), "alpha", "beta")
{
    /// <summary>The slope.</summary>
    public float Alpha { get; } = attributes.Float("alpha", 0.2f);

    /// <summary>The value at 0.</summary>
    public float Beta { get; } = attributes.Float("beta", 0.5f);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}
