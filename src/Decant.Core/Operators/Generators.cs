using System.Collections.Immutable;
using Decant.Core.Channels;
using Decant.Core.Channels.Rules;

namespace Decant.Core.Operators;

/// <summary>ONNX ConstantOfShape: <see cref="Value"/> everywhere in a tensor whose extents input 0 holds.</summary>
public sealed class ConstantOfShape(Attributes attributes) : Operator("ConstantOfShape", attributes, (1, 1), "value")
{
    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => 0;

    /// <inheritdoc/>
    public override LayerAxes? AxesOf(int input, Shape weight) => null;

    /// <inheritdoc/>
    public override OperatorTraits Traits => OperatorTraits.None;

    /// <inheritdoc/>
    public override bool IsSetting(int input) => true;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Unknown;

    /// <summary>The one value; 0 as Float32 if left out.</summary>
    public Tensor Value { get; } =
        (attributes.Tensor("value") ?? Tensor.Vector(0f)) is { Count: 1 } value
            ? value
            : throw new ModelException("attribute 'value' must hold one value");

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireIntegers(0);
        return One(
            Value.Type,
            inputs.Integers(0) is { } extents ? Extents.Of(extents) : Extents.OfLength(inputs.Shape(0))
        );
    }
}

/// <summary>ONNX Range: start, start + delta, … before limit; the three are scalars of one type.</summary>
public sealed class Range(Attributes attributes) : Operator("Range", attributes, (3, 3), "stash_type")
{
    private static readonly TypeSet Types = new("floating-point types, Int16, Int32 and Int64", t =>
        t.IsFloat() || t is ElementType.Int16 or ElementType.Int32 or ElementType.Int64
    );

    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => 0;

    /// <inheritdoc/>
    public override LayerAxes? AxesOf(int input, Shape weight) => null;

    /// <inheritdoc/>
    public override OperatorTraits Traits => OperatorTraits.None;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Unknown;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireType(0, Types);
        inputs.RequireSameTypes();
        for (int i = 0; i < 3; i++)
            inputs.RequireSingle(i);
        return One(inputs.Type(0), new Shape(Count(inputs) ?? Shape.Unknown));
    }

    /// <inheritdoc/>
    public override bool IsSetting(int input) => true;

    private static int? Count(OperatorInputs inputs)
    {
        if (inputs.Integers(0) is { } start && inputs.Integers(1) is { } limit && inputs.Integers(2) is { } delta)
            return Checked(Steps(Single(start), Single(limit), Single(delta)));
        if (
            inputs.Doubles(0) is not { } first
            || inputs.Doubles(1) is not { } last
            || inputs.Doubles(2) is not { } step
        )
            return null;
        double steps = Math.Ceiling(
            (Single(last) - Single(first)) / (Single(step) is not 0 and var d ? d : throw Still())
        );
        return Checked(
            steps <= int.MaxValue ? (Int128)Math.Max(0, steps)
            : double.IsNaN(steps) ? 0
            : Int128.MaxValue
        );
    }

    /// <summary>How many integers there are from start by delta before limit.</summary>
    /// <exception cref="ModelException">The step is 0.</exception>
    public static Int128 Steps(long start, long limit, long delta)
    {
        if (delta == 0)
            throw Still();
        Int128 span = (Int128)limit - start;
        return span == 0 || Int128.IsNegative(span) != delta < 0 ? 0 : (span + delta - Math.Sign(delta)) / delta;
    }

    private static T Single<T>(T[] numbers) =>
        numbers is [var n]
            ? n
            : throw new ModelException(
                $"start, limit and delta of a Range are scalars; one holds {numbers.Length} elements"
            );

    private static ModelException Still() => new("a Range with step 0");

    private static int Checked(Int128 count) =>
        count <= int.MaxValue ? (int)count : throw new ModelException("a Range makes more than 2^31 elements");
}
