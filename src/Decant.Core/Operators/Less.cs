using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Less: a &lt; b, broadcast both ways.</summary>
public sealed class Less(Attributes attributes) : Operator("Less", attributes, (2, 2))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Comparison(inputs);
}
