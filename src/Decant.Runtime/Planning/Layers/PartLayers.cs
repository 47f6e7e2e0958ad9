using Decant.Runtime.Memory;
using Decant.Runtime.Stages;

namespace Decant.Runtime.Planning.Layers;

/// <summary>Plans Slice, Pad with a constant, and Concat of channels over images.</summary>
internal static class PartLayers
{
    /// <summary>Adds the stages of a layer over images; false if none fits.</summary>
    public static bool TryAdd(Operation operation, PlanBuilder plan)
    {
        if (plan.Known.FloatShape(operation.Output) is not { Rank: 4, Count: > 0 })
            return false;
        return operation.Node.Operator switch
        {
            Operators.Slice => Slice(operation, plan),
            Operators.Pad pad => Pad(operation, pad, plan),
            Operators.Concat concat => Concat(operation, concat, plan),
            _ => false,
        };
    }

    private static bool Slice(Operation operation, PlanBuilder plan)
    {
        string[] inputs = [.. operation.Node.Inputs];
        if (!plan.IsImage(inputs[0]))
            return false;
        Shape x = plan.Known.FloatShape(inputs[0])!.Value,
            y = plan.Known.FloatShape(operation.Output)!.Value;
        var ranges = Operators.Slice.Ranges(
            x,
            Integers(inputs[1])!,
            Integers(inputs[2])!,
            Integers(inputs.ElementAtOrDefault(3)),
            Integers(inputs.ElementAtOrDefault(4))
        );
        int[] starts = [0, 0, 0, 0],
            steps = [1, 1, 1, 1];
        foreach (var (axis, start, step, _) in ranges)
            (starts[axis], steps[axis]) = (start, step);
        if (starts[0] != 0 || y[0] != x[0] || steps[1] != 1)
            return false;
        var part = new ImagePart(starts[2], starts[3], starts[1], 0, 0, 0, y[2], y[3], y[1], steps[2], steps[3]);
        plan.Add(
            new ImageCopy(plan.Image(inputs[0])!, plan.NewImage(operation.Output), part, null)
            {
                Name = operation.Node.Name,
                Kernel = "copy",
            }
        );
        return true;

        long[]? Integers(string? value) => string.IsNullOrEmpty(value) ? null : ToLongs(plan.Known.Constant(value)!);
    }

    private static bool Pad(Operation operation, Operators.Pad pad, PlanBuilder plan)
    {
        string[] inputs = [.. operation.Node.Inputs];
        if (pad.Mode != "constant" || !plan.IsImage(inputs[0]))
            return false;
        Shape x = plan.Known.FloatShape(inputs[0])!.Value;
        long[]? axes = inputs.Length > 3 && inputs[3].Length > 0 ? ToLongs(plan.Known.Constant(inputs[3])!) : null;
        var (before, after) = Operators.Pad.Amounts(x, ToLongs(plan.Known.Constant(inputs[1])!), axes);
        if (before.Concat(after).Any(p => p < 0) || before[0] + after[0] > 0)
            return false;
        if (plan.Known.Scalar(operation.Node, 2, 0) is not { } value)
            return false;
        var part = new ImagePart(0, 0, 0, before[2], before[3], before[1], x[2], x[3], x[1], 1, 1);
        plan.Add(
            new ImageCopy(plan.Image(inputs[0])!, plan.NewImage(operation.Output), part, value)
            {
                Name = operation.Node.Name,
                Kernel = "copy",
            }
        );
        return true;
    }

    /// <summary>Parts that their makers did not write in place are copied there.</summary>
    private static bool Concat(Operation operation, Operators.Concat concat, PlanBuilder plan)
    {
        string[] inputs = [.. operation.Node.Inputs];
        if (plan.Known.FloatShape(operation.Output)!.Value.Axis(concat.Axis) != 1)
            return false;
        if (ByteLayers.TryJoin(operation, plan))
            return true;
        if (!plan.IsImage(operation.Output) && !Array.TrueForAll(inputs, plan.IsImage))
            return false;
        ImageView to = plan.IsImage(operation.Output) ? plan.Image(operation.Output)! : plan.NewImage(operation.Output);
        int channel = 0;
        foreach (string input in inputs)
        {
            ImageView from = plan.Image(input)!;
            if (from.Buffer != to.Buffer)
                plan.Add(
                    new ImageCopy(
                        from,
                        to,
                        new ImagePart(0, 0, 0, 0, 0, channel, to.Height, to.Width, from.Channels, 1, 1),
                        null
                    )
                    {
                        Name = operation.Node.Name,
                        Kernel = "copy",
                    }
                );
            channel += from.Channels;
        }
        return true;
    }

    private static long[] ToLongs(Tensor t) =>
        t.Type == ElementType.Int32 ? Array.ConvertAll(t.Array<int>(), i => (long)i) : t.Array<long>();
}
