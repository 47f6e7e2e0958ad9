using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Celu: max(0, x) + min(0, alpha·(e^(x/alpha) − 1)) (Barron 2017).</summary>
public sealed class Celu(Attributes attributes) : Operator("Celu", attributes, (1, 1), "alpha")
{
    /// <summary>The scale of the negative side.</summary>
    public float Alpha { get; } = attributes.Float("alpha", 1);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}
