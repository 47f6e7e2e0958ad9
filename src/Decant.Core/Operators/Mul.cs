using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Mul: element-wise, broadcast both ways.</summary>
public sealed class Mul(Attributes attributes) : Operator("Mul", attributes, (2, 2))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Binary(inputs);
}
