using System.Collections.Immutable;
using Decant.Core.Channels;
using Decant.Core.Channels.Rules;

namespace Decant.Core.Operators;

/// <summary>ONNX Concat along <see cref="Axis"/>.</summary>
public sealed class Concat(Attributes attributes) : MovementOperator("Concat", attributes, (1, int.MaxValue), "axis")
{
    /// <inheritdoc/>
    public override bool IsSetting(int input) => false;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Concat;

    /// <summary>The axis; negative counts from the end.</summary>
    public int Axis { get; } = attributes.Int32("axis");

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireSameTypes();
        if (Enumerable.Range(0, inputs.Types.Length).Any(i => inputs.Shape(i) is null))
            return [new TensorType(inputs.Type(0), null)];
        return One(inputs.Type(0), Output([.. inputs.Types.Select(t => t!.Shape!.Value)]));
    }

    /// <summary>The shape of the parts joined.</summary>
    /// <exception cref="ModelException">They differ along another axis.</exception>
    public Shape Output(IReadOnlyList<Shape> parts)
    {
        Shape first = parts[0];
        int axis = first.Axis(Axis),
            sum = 0;
        foreach (Shape part in parts)
        {
            if (
                part.Rank != first.Rank
                || Enumerable.Range(0, first.Rank).Any(i => i != axis && Differ(part[i], first[i]))
            )
                throw new ModelException($"shapes {first} and {part} do not join along axis {Axis}");
            sum = sum < 0 || part[axis] < 0 ? Shape.Unknown : checked(sum + part[axis]);
        }
        return first.With(axis, sum);
    }

    private static bool Differ(int a, int b) => a >= 0 && b >= 0 && a != b;
}

/// <summary>
/// ONNX Split along <see cref="Axis"/>: into the extents of input 1, or num_outputs parts of which the last may be
/// smaller.
/// </summary>
public sealed class Split(Attributes attributes) : MovementOperator("Split", attributes, (1, 2), "axis", "num_outputs")
{
    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Split;

    private const int MaxParts = 1 << 16;
    private readonly long parts = attributes.Int("num_outputs", 0);

    /// <summary>The axis; negative counts from the end.</summary>
    public long Axis { get; } = attributes.Int("axis", 0);

    /// <inheritdoc/>
    protected override int MostOutputs => int.MaxValue;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireIntegers(1);
        if (inputs.Shape(0) is not { } x || (inputs.Has(1) && inputs.Integers(1) is null))
            return [new TensorType(inputs.Type(0), null)];
        int axis = x.Axis(Axis);
        return
        [
            .. Sizes(x[axis], inputs.Integers(1)).Select(size => new TensorType(inputs.Type(0), x.With(axis, size))),
        ];
    }

    /// <summary>The extent of each part along the axis.</summary>
    /// <exception cref="ModelException">They do not add up to the whole.</exception>
    public int[] Sizes(int extent, long[]? given)
    {
        if (given is null)
            return Even(extent);
        long rest = given.Aggregate((long)extent, (n, size) =>
            size is >= 0 and <= int.MaxValue ? n - size : throw new ModelException($"a part of {size} in a Split")
        );
        if (extent >= 0 && rest != 0)
            throw new ModelException($"parts of {string.Join('+', given)} do not make up an axis of {extent}");
        return Array.ConvertAll(given, size => (int)size);
    }

    private int[] Even(int extent)
    {
        if (parts is < 1 or > MaxParts)
            throw new ModelException($"num_outputs is {parts}; without sizes it must be 1 to {MaxParts}");
        var sizes = new int[parts];
        Array.Fill(sizes, extent < 0 ? Shape.Unknown : (int)((extent + parts - 1) / parts));
        if (extent < 0)
            return sizes;
        long last = extent - (parts - 1) * sizes[0];
        sizes[^1] =
            last >= 0 ? (int)last : throw new ModelException($"an axis of {extent} does not split into {parts} parts");
        return sizes;
    }
}

/// <summary>ONNX Slice: inputs data, starts, ends, optional axes and steps.</summary>
public sealed class Slice(Attributes attributes) : MovementOperator("Slice", attributes, (3, 5))
{
    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Slice;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        for (int i = 1; i < 5; i++)
            inputs.RequireIntegers(i);
        if (
            inputs.Shape(0) is not { } x
            || inputs.Integers(1) is not { } starts
            || inputs.Integers(2) is not { } ends
            || (inputs.Has(3) && inputs.Integers(3) is null)
            || (inputs.Has(4) && inputs.Integers(4) is null)
        )
            return One(inputs.Type(0), Open(inputs));
        int[] dims = [.. x.Dims];
        foreach (var (axis, start, step, count) in Ranges(x, starts, ends, inputs.Integers(3), inputs.Integers(4)))
            dims[axis] = x[axis] < 0 ? Shape.Unknown : count;
        return One(inputs.Type(0), new Shape(dims));
    }

    /// <summary>Extents that do not depend on parameters which are not known.</summary>
    private static Shape? Open(OperatorInputs inputs)
    {
        if (inputs.Shape(0) is not { } x)
            return null;
        if (inputs.Integers(3) is not { Length: > 0 } axes)
            return Extents.Open(x.Rank);
        foreach (long axis in axes)
            x = x.With(x.Axis(axis), Shape.Unknown);
        return x;
    }

    /// <summary>What is taken along each axis named: where it starts, its step, and how many.</summary>
    /// <exception cref="ModelException">Lengths differ, a step is 0, or an axis is outside.</exception>
    public static IReadOnlyList<(int Axis, int Start, int Step, int Count)> Ranges(
        Shape x,
        long[] starts,
        long[] ends,
        long[]? axes,
        long[]? steps
    )
    {
        axes ??= [.. Enumerable.Range(0, starts.Length).Select(i => (long)i)];
        steps ??= [.. Enumerable.Repeat(1L, starts.Length)];
        if (ends.Length != starts.Length || axes.Length != starts.Length || steps.Length != starts.Length)
            throw new ModelException("starts, ends, axes and steps of a Slice differ in length");
        var result = new List<(int, int, int, int)>();
        for (int i = 0; i < starts.Length; i++)
        {
            int axis = x.Axis(axes[i]);
            if (result.Exists(r => r.Item1 == axis))
                throw new ModelException($"a Slice names axis {axis} twice");
            result.Add(Range(axis, Math.Max(0, x[axis]), starts[i], ends[i], steps[i]));
        }
        return result;
    }

    private static (int, int, int, int) Range(int axis, int extent, long start, long end, long step)
    {
        if (step == 0)
            throw new ModelException("a Slice with step 0");
        if (extent == 0)
            return (axis, 0, (int)Math.Clamp(step, -int.MaxValue, int.MaxValue), 0);
        step = Math.Clamp(step, -int.MaxValue, int.MaxValue);
        (long low, long high) = step > 0 ? (0, extent) : (-1, extent - 1);
        start = Math.Clamp(start < 0 ? start + extent : start, Math.Max(0, low), high);
        end = Math.Clamp(end < 0 ? end + extent : end, low, high);
        long count = step > 0 ? (end - start + step - 1) / step : (start - end - step - 1) / -step;
        return (axis, (int)start, (int)step, (int)Math.Max(0, count));
    }
}

/// <summary>
/// ONNX Pad: inputs data, pads (all befores, then all afters), optional value and axes. Negative pads crop.
/// </summary>
public sealed class Pad(Attributes attributes) : MovementOperator("Pad", attributes, (2, 4), "mode")
{
    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Pad;

    /// <summary>constant, reflect, edge or wrap.</summary>
    public string Mode { get; } =
        attributes.Text("mode", "constant") is "constant" or "reflect" or "edge" or "wrap"
            ? attributes.Text("mode", "constant")
            : throw new ModelException(
                $"attribute 'mode' is '{attributes.Text("mode", "")}'; possible are constant, reflect, edge, wrap"
            );

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireIntegers(1);
        inputs.RequireSameType(2, 0);
        inputs.RequireSingle(2);
        inputs.RequireIntegers(3);
        if (
            inputs.Shape(0) is not { } x
            || inputs.Integers(1) is not { } pads
            || (inputs.Has(3) && inputs.Integers(3) is null)
        )
            return One(inputs.Type(0), Extents.Open(inputs.Shape(0)?.Rank ?? 0));
        var (before, after) = Amounts(x, pads, inputs.Integers(3));
        Shape output = Output(x, before, after);
        if (Mode != "constant")
            CheckRepeated(x, before, after, output);
        return One(inputs.Type(0), output);
    }

    private void CheckRepeated(Shape x, int[] before, int[] after, Shape output)
    {
        for (int i = 0; i < x.Rank; i++)
            if (x[i] >= 0 && output[i] > 0 && x[i] + Math.Min(0, before[i]) + Math.Min(0, after[i]) <= 0)
                throw new ModelException(
                    $"mode '{Mode}' has nothing to repeat along an axis of {x[i]} padded by {before[i]} and {after[i]}"
                );
    }

    /// <summary>The padding before and after each axis.</summary>
    /// <exception cref="ModelException">The pads do not fit the shape.</exception>
    public static (int[] Before, int[] After) Amounts(Shape x, long[] pads, long[]? axes)
    {
        axes ??= [.. Enumerable.Range(0, x.Rank).Select(i => (long)i)];
        if (pads.Length != 2 * axes.Length)
            throw new ModelException($"{pads.Length} pads for {axes.Length} axes of shape {x}");
        var (before, after) = (new int[x.Rank], new int[x.Rank]);
        for (int i = 0; i < axes.Length; i++)
        {
            int axis = x.Axis(axes[i]);
            (before[axis], after[axis]) = (checked((int)pads[i]), checked((int)pads[i + axes.Length]));
        }
        return (before, after);
    }

    /// <summary>The padded shape.</summary>
    /// <exception cref="ModelException">More is cropped than there is.</exception>
    public static Shape Output(Shape x, int[] before, int[] after)
    {
        int[] dims = [.. x.Dims];
        for (int i = 0; i < dims.Length; i++)
        {
            if (dims[i] == Shape.Unknown)
                continue;
            dims[i] = checked(dims[i] + before[i] + after[i]);
            if (dims[i] < 0)
                throw new ModelException($"pads crop more than axis {i} of {x} has");
        }
        return new Shape(dims);
    }
}

/// <summary>ONNX Tile: the input repeated along each axis as often as input 1 says.</summary>
public sealed class Tile(Attributes attributes) : MovementOperator("Tile", attributes, (2, 2))
{
    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Unknown;

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireIntegers(1);
        if (inputs.Shape(0) is not { } x || inputs.Integers(1) is not { } repeats)
            return One(inputs.Type(0), Extents.Open(inputs.Shape(0)?.Rank ?? 0));
        if (repeats.Length != x.Rank)
            throw new ModelException($"{repeats.Length} repeats for an input of shape {x}");
        Shape often = Extents.Of(repeats);
        return One(inputs.Type(0), new Shape([.. x.Dims.Select((d, i) => Extents.Times(d, often[i]))]));
    }
}

/// <summary>
/// ONNX Trilu: the triangle of each matrix on and above (or below) the diagonal that input 1 moves; the rest is 0.
/// </summary>
public sealed class Trilu(Attributes attributes) : MovementOperator("Trilu", attributes, (1, 2), "upper")
{
    /// <inheritdoc/>
    public override OperatorTraits Traits =>
        base.Traits | OperatorTraits.Elementwise | OperatorTraits.PositivelyHomogeneous;

    /// <inheritdoc/>
    internal override ChannelRule ChannelRule => ChannelRules.Unknown;

    /// <summary>Whether the upper triangle stays.</summary>
    public bool Upper { get; } = attributes.Flag("upper", true);

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        inputs.RequireRank(0, 2, "of matrices");
        inputs.RequireInteger(1);
        return [inputs.Types[0]];
    }

    /// <summary>How far the diagonal is moved to the right.</summary>
    /// <exception cref="ModelException">Input 1 is not one integer.</exception>
    public static long Diagonal(long[]? k) =>
        k switch
        {
            null => 0,
            [var diagonal] => diagonal,
            _ => throw new ModelException("input k must be one integer"),
        };
}
