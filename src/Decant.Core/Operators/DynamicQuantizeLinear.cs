using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX DynamicQuantizeLinear: floats as uint8 over their own range with 0 in it; outputs y, its scale, its zero point.</summary>
public sealed class DynamicQuantizeLinear(Attributes attributes) : Operator("DynamicQuantizeLinear", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        [new TensorType(ElementType.UInt8, inputs.Shape(0)), new TensorType(ElementType.Float32, Shape.Scalar), new TensorType(ElementType.UInt8, Shape.Scalar)];
}
