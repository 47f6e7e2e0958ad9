using System.Collections.Immutable;
using Decant.Core.Channels;
using Decant.Core.Channels.Rules;

namespace Decant.Core.Operators;

/// <summary>
/// A reduction of a tensor over axes: input 1 names them, or they are all; with noop_with_empty_axes and none named
/// each element is reduced by itself.
/// </summary>
public abstract class Reduction(string type, Attributes attributes)
    : Operator(type, attributes, (1, 2), "keepdims", "noop_with_empty_axes")
{
    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => 0;

    /// <inheritdoc/>
    public override LayerAxes? AxesOf(int input, Shape weight) => null;

    /// <inheritdoc/>
    public override OperatorTraits Traits => OperatorTraits.None;

    /// <inheritdoc/>
    public override bool IsSetting(int input) => input > 0;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Reduce;

    private readonly bool nothing = attributes.Flag("noop_with_empty_axes");

    /// <summary>Whether reduced axes stay with extent 1.</summary>
    public bool KeepDims { get; } = attributes.Flag("keepdims", true);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireType(0, Types);
        inputs.RequireIntegers(1);
        return One(
            inputs.Type(0),
            inputs.Shape(0) is { } x && (!inputs.Has(1) || inputs.Integers(1) is not null)
                ? Output(x, Axes(x, inputs.Integers(1)))
                : null
        );
    }

    /// <summary>The element types that can be reduced.</summary>
    private protected virtual TypeSet Types => TypeSet.Numbers;

    /// <summary>For each axis, whether it is reduced.</summary>
    /// <exception cref="ModelException">An axis is outside the shape, or named twice.</exception>
    public bool[] Axes(Shape x, long[]? axes)
    {
        var reduced = new bool[x.Rank];
        if (axes is not { Length: > 0 })
            Array.Fill(reduced, !nothing);
        else
            foreach (long axis in axes)
            {
                if (reduced[x.Axis(axis)])
                    throw new ModelException($"axis {axis} of {x} is reduced twice");
                reduced[x.Axis(axis)] = true;
            }
        return reduced;
    }

    private Shape Output(Shape x, bool[] reduced) =>
        KeepDims
            ? new Shape([.. x.Dims.Select((d, i) => reduced[i] ? 1 : d)])
            : new Shape([.. x.Dims.Where((_, i) => !reduced[i])]);
}

/// <summary>ONNX ReduceL1: the sum of |x|, over axes.</summary>
public sealed class ReduceL1(Attributes attributes) : Reduction("ReduceL1", attributes);

/// <summary>ONNX ReduceL2: √Σx², over axes.</summary>
public sealed class ReduceL2(Attributes attributes) : Reduction("ReduceL2", attributes);

/// <summary>ONNX ReduceLogSum: ln Σx, over axes.</summary>
public sealed class ReduceLogSum(Attributes attributes) : Reduction("ReduceLogSum", attributes);

/// <summary>ONNX ReduceLogSumExp: ln Σeˣ, over axes.</summary>
public sealed class ReduceLogSumExp(Attributes attributes) : Reduction("ReduceLogSumExp", attributes)
{
    private protected override TypeSet Types => TypeSet.Floats;
}

/// <summary>ONNX ReduceMax: the greatest; NaN wins, over axes.</summary>
public sealed class ReduceMax(Attributes attributes) : Reduction("ReduceMax", attributes)
{
    /// <inheritdoc/>
    public override OperatorTraits Traits => OperatorTraits.SelectsElements;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.ReduceOfConstants;

    private protected override TypeSet Types => TypeSet.NumbersAndBools;
}

/// <summary>ONNX ReduceMean: the mean, over axes.</summary>
public sealed class ReduceMean(Attributes attributes) : Reduction("ReduceMean", attributes)
{
    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.ReduceOfConstants;
}

/// <summary>ONNX ReduceMin: the least; NaN wins, over axes.</summary>
public sealed class ReduceMin(Attributes attributes) : Reduction("ReduceMin", attributes)
{
    /// <inheritdoc/>
    public override OperatorTraits Traits => OperatorTraits.SelectsElements;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.ReduceOfConstants;

    private protected override TypeSet Types => TypeSet.NumbersAndBools;
}

/// <summary>ONNX ReduceProd: the product, over axes.</summary>
public sealed class ReduceProd(Attributes attributes) : Reduction("ReduceProd", attributes);

/// <summary>ONNX ReduceSum: the sum, over axes.</summary>
public sealed class ReduceSum(Attributes attributes) : Reduction("ReduceSum", attributes);

/// <summary>ONNX ReduceSumSquare: Σx², over axes.</summary>
public sealed class ReduceSumSquare(Attributes attributes) : Reduction("ReduceSumSquare", attributes);

/// <summary>Where along one axis the chosen element is, as int64.</summary>
public abstract class ArgumentReduction(string type, Attributes attributes)
    : Operator(type, attributes, (1, 1), "axis", "keepdims", "select_last_index")
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

    /// <summary>The axis; negative counts from the end.</summary>
    public int Axis { get; } = attributes.Int32("axis", 0);

    /// <summary>Whether the axis stays with extent 1.</summary>
    public bool KeepDims { get; } = attributes.Flag("keepdims", true);

    /// <summary>Whether the last of equal elements is chosen, not the first.</summary>
    public bool Last { get; } = attributes.Flag("select_last_index");

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireType(0, TypeSet.Numbers);
        if (inputs.Shape(0) is not { } x)
            return One(ElementType.Int64, null);
        int axis = x.Axis(Axis);
        if (x[axis] == 0)
            throw new ModelException($"axis {Axis} of {x} has no elements to choose from");
        return One(ElementType.Int64, KeepDims ? x.With(axis, 1) : new Shape(x.Dims.RemoveAt(axis).AsSpan()));
    }
}

/// <summary>ONNX ArgMax: where along an axis the greatest element is.</summary>
public sealed class ArgMax(Attributes attributes) : ArgumentReduction("ArgMax", attributes);

/// <summary>ONNX ArgMin: where along an axis the least element is.</summary>
public sealed class ArgMin(Attributes attributes) : ArgumentReduction("ArgMin", attributes);

/// <summary>ONNX CumSum: running sums along the axis that input 1 names.</summary>
public sealed class CumSum(Attributes attributes) : Operator("CumSum", attributes, (2, 2), "exclusive", "reverse")
{
    /// <inheritdoc/>
    public override long Macs(OperatorInputs inputs) => 0;

    /// <inheritdoc/>
    public override LayerAxes? AxesOf(int input, Shape weight) => null;

    /// <inheritdoc/>
    public override OperatorTraits Traits => OperatorTraits.None;

    /// <inheritdoc/>
    public override bool IsSetting(int input) => input > 0;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Unknown;

    /// <summary>Whether a sum leaves out the element at its own place.</summary>
    public bool Exclusive { get; } = attributes.Flag("exclusive");

    /// <summary>Whether sums run from the end.</summary>
    public bool Reverse { get; } = attributes.Flag("reverse");

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireInteger(1);
        if (inputs.Shape(0) is { } x && inputs.Integers(1) is [var axis])
            x.Axis(axis);
        return Elementwise.Unary(inputs, TypeSet.Numbers);
    }
}
