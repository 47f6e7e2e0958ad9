using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX LeakyRelu: x where not negative, else alpha·x.</summary>
public sealed class LeakyRelu(Attributes attributes) : Operator("LeakyRelu", attributes, (1, 1), "alpha")
{
    /// <summary>The slope of the negative side.</summary>
    public float Alpha { get; } = attributes.Float("alpha", 0.01f);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}
