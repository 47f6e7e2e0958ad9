using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX DequantizeLinear: (x − zero point)·scale, of the scale's type. Inputs x, scale, optional zero point.</summary>
public sealed class DequantizeLinear(Attributes attributes)
    : Operator("DequantizeLinear", attributes, (2, 3), "axis", "block_size", "output_dtype")
{
    /// <summary>The axis that scales go along, unless there is one for all.</summary>
    public long Axis { get; } = attributes.Int("axis", 1);

    /// <summary>How many neighbours along the axis share a scale; 0 if it is not in blocks.</summary>
    public long Block { get; } = attributes.Int("block_size", 0);

    /// <summary>The element type of the result, by its scale's.</summary>
    public ElementType To(ElementType scale) => ElementTypes.Checked(Attributes.Int("output_dtype", 0)) is not ElementType.Unknown and var to ? to : scale;

    /// <inheritdoc/>
    public override bool IsSetting(int input) => input > 0;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => One(To(inputs.Type(1)), inputs.Shape(0));
}
