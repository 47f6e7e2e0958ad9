using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Greater: a &gt; b, broadcast both ways.</summary>
public sealed class Greater(Attributes attributes) : Operator("Greater", attributes, (2, 2))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Comparison(inputs);
}
