using Decant.Runtime.Kernels;
using Decant.Runtime.Stages;

namespace Decant.Runtime.Planning.Layers;

/// <summary>Plans MatMul and Gemm of two values, as attention has them; leading axes of MatMul are broadcast.</summary>
internal static class ValueProducts
{
    /// <summary>Adds the stage of a product; false if none fits.</summary>
    public static bool TryAdd(Operation operation, PlanBuilder plan)
    {
        Node node = operation.Node;
        if (
            plan.Known.FloatShape(node.Inputs[0]) is not { Rank: > 1, Count: > 0 and <= int.MaxValue } a
            || plan.Known.FloatShape(node.Inputs[1]) is not { Rank: > 1, Count: > 0 and <= int.MaxValue } b
            || plan.Known.FloatShape(operation.Output) is not { Count: > 0 and <= int.MaxValue } y
        )
            return false;
        var gemm = node.Operator as Operators.Gemm;
        string? bias = operation.Bias ?? (node.Inputs.Length > 2 && node.Inputs[2].Length > 0 ? node.Inputs[2] : null);
        if (
            gemm is { TransA: true }
            || (
                bias is not null
                && (plan.Known.Constant(bias) is not { Type: ElementType.Float32 } c || !IsRow(c.Shape, y[-1]))
            )
        )
            return false;
        var (left, right, output) = (
            plan.Plain(node.Inputs[0])!,
            plan.Plain(node.Inputs[1])!,
            plan.NewPlain(operation.Output)
        );
        var layer = new ValueProductLayer(left, right, output, y[-2], a[-1], y[-1])
        {
            LeftAt = Starts(a, y),
            RightAt = Starts(b, y),
            TransposesRight = gemm is { TransB: true },
            Alpha = gemm?.Alpha ?? 1,
            Low = operation.Low,
            High = operation.High,
        };
        if (b.Count == (long)b[-1] * b[-2])
            layer = Stacked(layer, a);
        plan.Add(
            new ValueProduct(layer, Row(bias, gemm?.Beta ?? 1, y[-1], plan), plan.Options.Width, plan.Options.Threads)
            {
                Name = node.Name,
                Kernel = "dense, by values",
                Macs = layer.Macs,
            }
        );
        return true;
    }

    private static bool IsRow(Shape bias, int columns) =>
        bias.Count == 1 || (bias.Count == columns && bias[-1] == columns);

    /// <summary>Where every matrix of the left meets the one of the right, they are one tall matrix.</summary>
    private static ValueProductLayer Stacked(ValueProductLayer layer, Shape a) =>
        layer.LeftAt.Length * (long)layer.Rows * layer.Depth == a.Count
            ? layer with
            {
                Rows = layer.LeftAt.Length * layer.Rows,
                LeftAt = [0],
                RightAt = [0],
            }
            : layer;

    private static float[] Row(string? bias, float beta, int columns, PlanBuilder plan)
    {
        if (bias is null)
            return [];
        float[] given = plan.Known.Constant(bias)!.Array<float>();
        return [.. Enumerable.Range(0, columns).Select(i => beta * given[given.Length == 1 ? 0 : i])];
    }

    /// <summary>Where the matrices of a factor begin that meet in each matrix of the result.</summary>
    private static int[] Starts(Shape factor, Shape y)
    {
        Shape own = new(factor.Dims.AsSpan()[..^2]),
            all = new(y.Dims.AsSpan()[..^2]);
        int[] strides = Strides.Broadcast(own, all),
            extents = [.. all.Dims];
        int size = factor[-1] * factor[-2];
        return
        [
            .. Enumerable.Range(0, checked((int)all.Count)).Select(i => Strides.Offset(i, extents, strides) * size),
        ];
    }
}
