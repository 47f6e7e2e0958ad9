using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Ceil: the least integer not below x, element-wise.</summary>
public sealed class Ceil(Attributes attributes) : Operator("Ceil", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}
