using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Elu: x where positive, else alpha·(eˣ − 1) (Clevert et al. 2016).</summary>
public sealed class Elu(Attributes attributes) : Operator("Elu", attributes, (1, 1), "alpha")
{
    /// <summary>The factor of the negative side.</summary>
    public float Alpha { get; } = attributes.Float("alpha", 1);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}
