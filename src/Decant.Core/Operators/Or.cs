using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Or: logical or of bools, broadcast both ways.</summary>
public sealed class Or(Attributes attributes) : Operator("Or", attributes, (2, 2))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Comparison(inputs);
}
