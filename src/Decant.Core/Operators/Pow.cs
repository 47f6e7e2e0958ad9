using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Pow: x to the power y, broadcast both ways; the result has the type of x.</summary>
public sealed class Pow(Attributes attributes) : Operator("Pow", attributes, (2, 2))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Binary(inputs);
}
