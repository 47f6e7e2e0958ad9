using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Floor: the greatest integer not above x, element-wise.</summary>
public sealed class Floor(Attributes attributes) : Operator("Floor", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => Elementwise.Unary(inputs);
}
