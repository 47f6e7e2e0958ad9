using System.Collections.Immutable;
using Decant.Core.Channels;
using Decant.Core.Channels.Rules;

namespace Decant.Core.Operators;

/// <summary>
/// How scales are laid over a tensor: one for all, one for each place along an axis, or one for each block of places
/// along it. With the tensor seen as outer × extent × inner, the scale of (o, a, i) is number o·OuterStep +
/// a/Block·Step + i·InnerStep.
/// </summary>
public readonly record struct Scaling(
    int Outer,
    int Extent,
    int Inner,
    int Block,
    int OuterStep,
    int Step,
    int InnerStep
)
{
    /// <summary>The number of the scale of a row-major position.</summary>
    public int IndexOf(int position) =>
        position / (Extent * Inner) * OuterStep
        + position / Inner % Extent / Block * Step
        + position % Inner * InnerStep;

    /// <summary>Lays scales of a shape over a tensor.</summary>
    /// <exception cref="ModelException">They do not fit.</exception>
    public static Scaling Of(Shape x, Shape scale, long axis, long block)
    {
        if (block < 0)
            throw new ModelException($"attribute 'block_size' is {block}; it must be 0 or more");
        if (block == 0 && scale.Count == 1 && scale.Rank <= 1)
            return new Scaling(1, 1, checked((int)x.Count), 1, 0, 0, 0);
        int at = x.Axis(axis),
            outer = (int)new Shape(x.Dims.AsSpan()[..at]).Count,
            inner = (int)x.CountFrom(at + 1);
        if (block == 0)
            return scale.Rank == 1 && scale[0] == x[at]
                ? new Scaling(outer, x[at], inner, 1, 0, 1, 0)
                : throw new ModelException($"scales of shape {scale} do not fit axis {axis} of {x}");
        if (
            scale.Rank != x.Rank
            || scale.With(at, x[at]) != x
            || scale[at] != (x[at] == 0 ? 0 : (x[at] - 1) / block + 1)
        )
            throw new ModelException($"scales of shape {scale} do not fit blocks of {block} along axis {axis} of {x}");
        return new Scaling(outer, x[at], inner, (int)Math.Min(block, int.MaxValue), scale[at] * inner, inner, 1);
    }
}

/// <summary>
/// Between values and integers in steps of a scale, from a zero point: input 1 is the scale, input 2 the zero point.
/// </summary>
public abstract class LinearQuantizer : Operator
{
    private protected LinearQuantizer(
        string type,
        Attributes attributes,
        (int Min, int Max) inputs,
        params ReadOnlySpan<string> known
    )
        : base(type, attributes, inputs, known) { }

    /// <summary>The axis that scales go along, unless there is one for all.</summary>
    public long Axis => Attributes.Int("axis", 1);

    /// <summary>How many neighbours along the axis share a scale; 0 if it is not in blocks.</summary>
    public long Block => Attributes.Int("block_size", 0);

    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => 0;

    /// <inheritdoc/>
    public override LayerAxes? AxesOf(int input, Shape weight) => null;

    /// <inheritdoc/>
    public sealed override OperatorTraits Traits => OperatorTraits.Elementwise;

    /// <inheritdoc/>
    public sealed override bool IsSetting(int input) => input > 0;

    /// <inheritdoc/>
    internal sealed override ChannelRule ChannelRule => ChannelRules.Quantizer;
}

/// <summary>
/// ONNX QuantizeLinear: round(x/scale) + zero point, halves to even, held within the integer type. Inputs x, scale,
/// optional zero point, whose type is the result's; else output_dtype says it, or it is uint8.
/// </summary>
public sealed class QuantizeLinear(Attributes attributes)
    : LinearQuantizer(
        "QuantizeLinear",
        attributes,
        (2, 3),
        "axis",
        "block_size",
        "output_dtype",
        "precision",
        "saturate"
    )
{
    private static readonly TypeSet Quantized = new("floating-point types and Int32", t =>
        t.IsFloat() || t == ElementType.Int32
    );

    /// <inheritdoc/>
    public override int Opset => Attributes.Has("precision") ? 23 : FirstOpset;

    /// <summary>The element type of the result, by its zero point's.</summary>
    /// <exception cref="ModelException">It is none to quantize to, or two are stated.</exception>
    public ElementType To(ElementType? zeroPoint)
    {
        ElementType stated = ElementTypes.Checked(Attributes.Int("output_dtype", 0)),
            to = zeroPoint ?? (stated == ElementType.Unknown ? ElementType.UInt8 : stated);
        if (stated != ElementType.Unknown && stated != to)
            throw new ModelException($"output_dtype is {stated}, the zero point {to}");
        to.IntegerRange();
        return to;
    }

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireType(0, Quantized);
        CheckScales(inputs, Axis, Block);
        return One(
            inputs.Has(2) && inputs.Type(2) == ElementType.Unknown
                ? ElementType.Unknown
                : To(inputs.Has(2) ? inputs.Type(2) : null),
            inputs.Shape(0)
        );
    }

    /// <summary>Checks that scales and zero points, inputs 1 and 2, lie over input 0.</summary>
    internal static void CheckScales(OperatorInputs inputs, long axis, long block)
    {
        inputs.RequireType(1, TypeSet.Floats);
        CheckZeroPoint(inputs, 1, 2);
        if (inputs.Shape(0) is { IsKnown: true } x && inputs.Shape(1) is { IsKnown: true } scale)
            Scaling.Of(x, scale, axis, block);
    }

    /// <summary>Checks that there are as many zero points as scales.</summary>
    internal static void CheckZeroPoint(OperatorInputs inputs, int scale, int zeroPoint)
    {
        if (
            inputs.Shape(scale) is { IsKnown: true } s
            && inputs.Shape(zeroPoint) is { IsKnown: true } z
            && s != z
            && !(s.Count == 1 && z.Count == 1)
        )
            throw new ModelException($"zero points of shape {z} for scales of shape {s}; they must agree");
    }
}

/// <summary>
/// ONNX DequantizeLinear: (x − zero point)·scale, of the scale's type. Inputs x, scale, optional zero point.
/// </summary>
public sealed class DequantizeLinear(Attributes attributes)
    : LinearQuantizer("DequantizeLinear", attributes, (2, 3), "axis", "block_size", "output_dtype")
{
    private static readonly TypeSet Integers = new("integers of 4 to 32 bits", t =>
        !t.IsFloat() && t is not (ElementType.Bool or ElementType.Int64 or ElementType.UInt64)
    );

    /// <inheritdoc/>
    public override int Opset => Attributes.Has("output_dtype") ? 23 : FirstOpset;

    /// <summary>The element type of the result, by its scale's.</summary>
    public ElementType To(ElementType scale) =>
        ElementTypes.Checked(Attributes.Int("output_dtype", 0)) is not ElementType.Unknown and var to ? to : scale;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireType(0, Integers);
        inputs.RequireSameType(2, 0);
        QuantizeLinear.CheckScales(inputs, Axis, Block);
        return One(To(inputs.Type(1)), inputs.Shape(0));
    }
}

/// <summary>
/// ONNX DynamicQuantizeLinear: floats as uint8 over their own range with 0 in it; outputs y, its scale, its zero point.
/// </summary>
public sealed class DynamicQuantizeLinear(Attributes attributes) : Operator("DynamicQuantizeLinear", attributes, (1, 1))
{
    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => 0;

    /// <inheritdoc/>
    public override LayerAxes? AxesOf(int input, Shape weight) => null;

    /// <inheritdoc/>
    public override OperatorTraits Traits => OperatorTraits.None;

    /// <inheritdoc/>
    public override bool IsSetting(int input) => false;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Unknown;

    /// <inheritdoc/>
    protected override int MostOutputs => 3;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireType(0, TypeSet.Of(ElementType.Float32));
        return
        [
            new TensorType(ElementType.UInt8, inputs.Shape(0)),
            new TensorType(ElementType.Float32, Shape.Scalar),
            new TensorType(ElementType.UInt8, Shape.Scalar),
        ];
    }
}

/// <summary>
/// ONNX Cast to another element type. Integers wrap; a float becomes an integer toward zero, held within what the
/// integer type can say (ONNX leaves that open), or its low four bits for a 4-bit type, as ONNX's own cases do; all but
/// 0 is true.
/// </summary>
public sealed class Cast(Attributes attributes)
    : ElementwiseOperator("Cast", attributes, (1, 1), "to", "saturate", "round_mode")
{
    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Same;

    /// <summary>The element type of the result.</summary>
    public ElementType To { get; } = ElementTypes.Checked(attributes.Int("to"));

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => One(To, inputs.Shape(0));
}

/// <summary>ONNX CastLike: input 0 cast to the element type of input 1, as <see cref="Cast"/> does.</summary>
public sealed class CastLike(Attributes attributes)
    : ElementwiseOperator("CastLike", attributes, (2, 2), "saturate", "round_mode")
{
    /// <inheritdoc/>
    public override bool IsSetting(int input) => input > 0;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Unknown;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs) => One(inputs.Type(1), inputs.Shape(0));
}
