using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Equal: whether numbers or bools are equal, broadcast both ways.</summary>
public sealed class Equal(Attributes attributes) : Operator("Equal", attributes, (2, 2))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Comparison(inputs);
}
