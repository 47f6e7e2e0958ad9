using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>
/// ONNX QuantizeLinear: round(x/scale) + zero point, halves to even, held within the integer type. Inputs x, scale, optional zero
/// point, whose type is the result's; else output_dtype says it, or it is uint8.
/// </summary>
public sealed class QuantizeLinear(Attributes attributes)
    : Operator("QuantizeLinear", attributes, (2, 3), "axis", "block_size", "output_dtype", "precision", "saturate")
{
    /// <summary>The axis that scales go along, unless there is one for all.</summary>
    public long Axis { get; } = attributes.Int("axis", 1);

    /// <summary>How many neighbours along the axis share a scale; 0 if it is not in blocks.</summary>
    public long Block { get; } = attributes.Int("block_size", 0);

    /// <summary>The element type of the result, by its zero point's.</summary>
    /// <exception cref="ModelException">It is none to quantize to, or two are stated.</exception>
    public ElementType To(ElementType? zeroPoint)
    {
        ElementType stated = ElementTypes.Checked(Attributes.Int("output_dtype", 0)), to = zeroPoint ?? (stated == ElementType.Unknown ? ElementType.UInt8 : stated);
        if (stated != ElementType.Unknown && stated != to) throw new ModelException($"output_dtype is {stated}, the zero point {to}");
        to.IntegerRange();
        return to;
    }

    /// <inheritdoc/>
    public override bool IsSetting(int input) => input > 0;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) =>
        One(inputs.Has(2) && inputs.Type(2) == ElementType.Unknown ? ElementType.Unknown : To(inputs.Has(2) ? inputs.Type(2) : null), inputs.Shape(0));
}
