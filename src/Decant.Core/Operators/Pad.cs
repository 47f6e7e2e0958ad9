using System.Collections.Immutable;

namespace Decant.Core.Operators;

/// <summary>ONNX Pad: inputs data, pads (all befores, then all afters), optional value and axes. Negative pads crop.</summary>
public sealed class Pad(Attributes attributes) : Operator("Pad", attributes, (2, 4), "mode")
{
    /// <summary>constant, reflect, edge or wrap.</summary>
    public string Mode { get; } = attributes.Text("mode", "constant");

    /// <inheritdoc/>
    public override ImmutableArray<TensorType?> Infer(OperatorInputs inputs)
    {
        if (inputs.Shape(0) is not { } x || inputs.Integers(1) is not { } pads || (inputs.Has(3) && inputs.Integers(3) is null))
            return [new TensorType(inputs.Type(0), null)];
        var (before, after) = Amounts(x, pads, inputs.Integers(3));
        return One(inputs.Type(0), Output(x, before, after));
    }

    /// <summary>The padding before and after each axis.</summary>
    /// <exception cref="ModelException">The pads do not fit the shape.</exception>
    public static (int[] Before, int[] After) Amounts(Shape x, long[] pads, long[]? axes)
    {
        axes ??= [.. Enumerable.Range(0, x.Rank).Select(i => (long)i)];
        if (pads.Length != 2 * axes.Length) throw new ModelException($"{pads.Length} pads for {axes.Length} axes of shape {x}");
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
            if (dims[i] == Shape.Unknown) continue;
            dims[i] = checked(dims[i] + before[i] + after[i]);
            if (dims[i] < 0) throw new ModelException($"pads crop more than axis {i} of {x} has");
        }
        return new Shape(dims);
    }

    /// <inheritdoc/>
    public override bool IsSetting(int input) => input > 0;
}
