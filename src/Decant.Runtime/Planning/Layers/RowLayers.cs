using Decant.Runtime.Memory;
using Decant.Runtime.Stages;

namespace Decant.Runtime.Planning.Layers;

/// <summary>
/// Plans layers that bring rows of a value to a norm: Softmax, LogSoftmax and the normalizations by a row's own
/// statistics.
/// </summary>
internal static class RowLayers
{
    /// <summary>Adds the stage of a layer; false if none fits.</summary>
    public static bool TryAdd(Operation operation, PlanBuilder plan)
    {
        if (
            plan.Known.FloatShape(operation.Node.Inputs[0]) is not { Rank: > 0, Count: > 0 } x
            || operation.Node.Outputs.Length > 1
        )
            return false;
        return operation.Node.Operator switch
        {
            Operators.Softmax softmax => Softmax(operation, x, softmax.Axis, false, plan),
            Operators.LogSoftmax softmax => Softmax(operation, x, softmax.Axis, true, plan),
            Operators.LayerNormalization layer => Rows(operation, x, x.Axis(layer.Axis), true, layer.Epsilon, plan),
            Operators.RMSNormalization layer => Rows(operation, x, x.Axis(layer.Axis), false, layer.Epsilon, plan),
            Operators.GroupNormalization group => Groups(operation, x, group.Groups, group.Epsilon, plan),
            Operators.InstanceNormalization instance => Groups(operation, x, x[1], instance.Epsilon, plan),
            _ => false,
        };
    }

    private static bool Softmax(Operation operation, Shape x, long axis, bool log, PlanBuilder plan)
    {
        int at = x.Axis(axis);
        plan.Add(
            new Softmax(
                Layer(operation, x.CountFrom(at), plan),
                checked((int)x.CountFrom(at + 1)),
                log,
                plan.Options.Width,
                plan.Options.Threads
            )
            {
                Name = operation.Node.Name,
                Kernel = at == x.Rank - 1 ? "rows" : "columns",
            }
        );
        return true;
    }

    /// <summary>Factors that are the same for every row, one a number.</summary>
    private static bool Rows(Operation operation, Shape x, int axis, bool centered, float epsilon, PlanBuilder plan)
    {
        var own = new Shape(x.Dims.AsSpan()[axis..]);
        string[] factors = [.. operation.Node.Inputs.Skip(1).Where(i => i.Length > 0)];
        if (
            !Array.TrueForAll(factors, f =>
                plan.Known.FloatShape(f) is { } shape
                && shape.Count == own.Count
                && shape.Dims.AsSpan().EndsWith(own.Dims.AsSpan())
            )
        )
            return false;
        Add(operation, factors, own.Count, 1, new NormalizedRow((int)own.Count, 1, centered, epsilon), plan);
        return true;
    }

    /// <summary>A row is a group of channels of an image, and each channel has a factor.</summary>
    private static bool Groups(Operation operation, Shape x, int groups, float epsilon, PlanBuilder plan)
    {
        string[] factors = [.. operation.Node.Inputs.Skip(1)];
        if (!Array.TrueForAll(factors, f => plan.Known.FloatShape(f) is { } shape && shape.Count == x[1]))
            return false;
        long row = x.CountFrom(1) / groups;
        Add(operation, factors, row, groups, new NormalizedRow((int)row, (int)x.CountFrom(2), true, epsilon), plan);
        return true;
    }

    private static void Add(
        Operation operation,
        string[] factors,
        long row,
        int period,
        NormalizedRow formula,
        PlanBuilder plan
    )
    {
        Operand[] operands = [.. factors.Select(f => ElementwiseLayers.Whole(f, plan))];
        plan.Add(
            new RowNormalization(
                Layer(operation, row, plan),
                operands[0],
                operands.ElementAtOrDefault(1),
                formula,
                period,
                plan.Options.Width,
                plan.Options.Threads
            )
            {
                Name = operation.Node.Name,
                Kernel = "rows",
            }
        );
    }

    private static RowLayer Layer(Operation operation, long row, PlanBuilder plan)
    {
        PlanBuffer input = plan.Plain(operation.Node.Inputs[0])!;
        return new RowLayer(
            input,
            plan.NewPlain(operation.Output),
            checked((int)(input.Count / row)),
            checked((int)row)
        );
    }
}

/// <summary>Plans batch normalizations with constant statistics: a scale and a shift for each channel.</summary>
internal static class Normalizations
{
    /// <summary>Adds the stage of a normalization; false if none fits.</summary>
    public static bool TryAdd(Operation operation, PlanBuilder plan)
    {
        Node node = operation.Node;
        if (
            node.Operator is not Operators.BatchNormalization { TrainingMode: false }
            || !node.Inputs.Skip(1).All(i => plan.Known.IsConstant(i) && plan.Known.FloatShape(i) is not null)
            || plan.Image(node.Inputs[0]) is not { } x
        )
            return false;
        var (scale, shift) = ScaleAndShift(node, plan.Known);
        RowTraversal to = RowTraversal.Of(plan.NewImage(operation.Output), byPixel: true);
        plan.Add(
            Elementwise.Of<ElementwiseFunctions.MultiplyAdd>(
                node.Name,
                "scale and shift",
                to,
                [new Operand(RowTraversal.Of(x, byPixel: true)), new Operand(scale), new Operand(shift)],
                operation.Low,
                operation.High,
                plan.Options.Width,
                plan.Options.Threads
            )
        );
        return true;
    }

    /// <summary>x·scale + shift is the normalization of x.</summary>
    public static (float[] Scale, float[] Shift) ScaleAndShift(Node node, KnownValues known)
    {
        float[] Numbers(int i) => known.Constant(node.Inputs[i])!.Array<float>();
        float[] gamma = Numbers(1),
            beta = Numbers(2),
            mean = Numbers(3),
            variance = Numbers(4);
        double epsilon = ((Operators.BatchNormalization)node.Operator).Epsilon;
        var (scale, shift) = (new float[gamma.Length], new float[gamma.Length]);
        for (int c = 0; c < scale.Length; c++)
        {
            double s = gamma[c] / Math.Sqrt(variance[c] + epsilon);
            (scale[c], shift[c]) = ((float)s, (float)(beta[c] - mean[c] * s));
        }
        return (scale, shift);
    }
}
