using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Where: input 1 where the bools of input 0 hold, else input 2; all three broadcast.</summary>
public sealed class Where(Attributes attributes) : Operator("Where", attributes, (3, 3))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        One(inputs.Type(1) is ElementType.Unknown ? inputs.Type(2) : inputs.Type(1), Elementwise.Broadcast(inputs));
}
