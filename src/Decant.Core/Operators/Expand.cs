using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Expand: input 0 repeated to what its shape and the target of input 1 broadcast to.</summary>
public sealed class Expand(Attributes attributes) : Operator("Expand", attributes, (2, 2))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        One(inputs.Type(0), inputs.Shape(0) is { } x && inputs.Integers(1) is { } target ? Shape.Broadcast(x, Extents.Of(target)) : null);
}
