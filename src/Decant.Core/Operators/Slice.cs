using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Slice: inputs data, starts, ends, optional axes and steps.</summary>
public sealed class Slice(Attributes attributes) : Operator("Slice", attributes, (3, 5))
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        if (inputs.Shape(0) is not { } x || inputs.Integers(1) is not { } starts || inputs.Integers(2) is not { } ends
            || (inputs.Has(3) && inputs.Integers(3) is null) || (inputs.Has(4) && inputs.Integers(4) is null))
            return [new TensorType(inputs.Type(0), null)];
        int[] dims = [.. x.Dims];
        foreach (var (axis, start, step, count) in Ranges(x, starts, ends, inputs.Integers(3), inputs.Integers(4)))
            dims[axis] = x[axis] < 0 ? Shape.Unknown : count;
        return One(inputs.Type(0), new Shape(dims));
    }

    /// <summary>What is taken along each axis named: where it starts, its step, and how many.</summary>
    /// <exception cref="ModelException">Lengths differ, a step is 0, or an axis is outside.</exception>
    public static IReadOnlyList<(int Axis, int Start, int Step, int Count)> Ranges(Shape x, long[] starts, long[] ends, long[]? axes, long[]? steps)
    {
        axes ??= [.. Enumerable.Range(0, starts.Length).Select(i => (long)i)];
        steps ??= [.. Enumerable.Repeat(1L, starts.Length)];
        if (ends.Length != starts.Length || axes.Length != starts.Length || steps.Length != starts.Length)
            throw new ModelException("starts, ends, axes and steps of a Slice differ in length");
        var result = new List<(int, int, int, int)>();
        for (int i = 0; i < starts.Length; i++)
        {
            int axis = x.Axis(axes[i]);
            if (result.Exists(r => r.Item1 == axis)) throw new ModelException($"a Slice names axis {axis} twice");
            result.Add(Range(axis, Math.Max(0, x[axis]), starts[i], ends[i], steps[i]));
        }
        return result;
    }

    private static (int, int, int, int) Range(int axis, int extent, long start, long end, long step)
    {
        if (step == 0) throw new ModelException("a Slice with step 0");
        if (extent == 0) return (axis, 0, (int)Math.Clamp(step, -int.MaxValue, int.MaxValue), 0);
        step = Math.Clamp(step, -int.MaxValue, int.MaxValue);
        (long low, long high) = step > 0 ? (0, extent) : (-1, extent - 1);
        start = Math.Clamp(start < 0 ? start + extent : start, Math.Max(0, low), high);
        end = Math.Clamp(end < 0 ? end + extent : end, low, high);
        long count = step > 0 ? (end - start + step - 1) / step : (start - end - step - 1) / -step;
        return (axis, (int)start, (int)step, (int)Math.Max(0, count));
    }
}
