using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX And: logical and of bools, broadcast both ways.</summary>
public sealed class And(Attributes attributes) : Operator("And", attributes, (2, 2))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Comparison(inputs);
}
