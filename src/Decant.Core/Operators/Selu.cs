using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Selu: gamma·x where positive, else gamma·alpha·(eˣ − 1) (Klambauer et al. 2017).</summary>
public sealed class Selu(Attributes attributes) : Operator("Selu", attributes, (1, 1), "alpha", "gamma")
{
    /// <summary>The factor of the negative side.</summary>
    public float Alpha { get; } = attributes.Float("alpha", 1.67326319217681884765625f);

    /// <summary>The factor of both sides.</summary>
    public float Gamma { get; } = attributes.Float("gamma", 1.05070102214813232421875f);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}
