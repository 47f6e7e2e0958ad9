using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Xor: logical exclusive or of bools, broadcast both ways.</summary>
public sealed class Xor(Attributes attributes) : Operator("Xor", attributes, (2, 2))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Comparison(inputs);
}
