using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX CastLike: input 0 cast to the element type of input 1, as <see cref="Cast"/> does.</summary>
public sealed class CastLike(Attributes attributes) : Operator("CastLike", attributes, (2, 2), "saturate", "round_mode")
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => One(inputs.Type(1), inputs.Shape(0));
}
