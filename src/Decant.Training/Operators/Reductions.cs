using Decant.Core;
using Decant.Torch;
using Op = Decant.Core.Operators;

namespace Decant.Training.Operators;

/// <summary>
/// Reductions over the axes that a node names. Over no axis, a number is reduced by itself, over an axis of its own.
/// </summary>
internal static class Reducing
{
    private static readonly TorchOp SumOp = new("aten::sum.dim_IntList");

    /// <summary>Reduces input 0.</summary>
    /// <param name="op">The reduction.</param>
    /// <param name="x">What the node reads.</param>
    /// <param name="reduce">A tensor, axes, and whether to keep them, to the result.</param>
    /// <param name="ofNothing">What is found of no numbers, where libtorch does not say.</param>
    public static TorchTensor Run(
        Op.Reduction op,
        TorchInputs x,
        Func<TorchTensor, long[], bool, TorchTensor> reduce,
        double? ofNothing = null
    )
    {
        Shape shape = Shapes.Of(x[0]);
        bool[] reduced = op.Axes(shape, x.Integers(1));
        long[] axes = [.. Enumerable.Range(0, reduced.Length).Where(i => reduced[i]).Select(i => (long)i)];
        if (axes.Length == 0)
            return reduce(x[0].Unsqueeze(-1), [shape.Rank], false);
        if (ofNothing is not { } value || shape.Count > 0)
            return reduce(x[0], axes, op.KeepDims);
        TorchTensor counts = Sum(Ops.Zeros(x[0].Shape), axes, op.KeepDims);
        return Ops.Full(counts.Shape, value, x[0].Type);
    }

    /// <summary>The sum, of the type of x.</summary>
    public static TorchTensor Sum(TorchTensor x, long[] axes, bool keep) => SumOp.Call(x, axes, keep, x.Type);
}

internal static class ReduceL1
{
    public static TorchKernel Make(Op.ReduceL1 op) =>
        x => Reducing.Run(op, x, (t, axes, keep) => Reducing.Sum(t.Abs(), axes, keep));
}

internal static class ReduceL2
{
    private static readonly TorchOp Norm = new("aten::linalg_vector_norm");

    public static TorchKernel Make(Op.ReduceL2 op) =>
        x => Reducing.Run(op, x, (t, axes, keep) => t.AsFloat(f => Norm.Call(f, 2.0, axes, keep)));
}

internal static class ReduceLogSum
{
    public static TorchKernel Make(Op.ReduceLogSum op) =>
        x => Reducing.Run(op, x, (t, axes, keep) => Reducing.Sum(t, axes, keep).AsFloat(Ops.Log));
}

internal static class ReduceLogSumExp
{
    private static readonly TorchOp LogSumExp = new("aten::logsumexp");

    public static TorchKernel Make(Op.ReduceLogSumExp op) =>
        x => Reducing.Run(op, x, (t, axes, keep) => LogSumExp.Call(t, axes, keep), double.NegativeInfinity);
}

internal static class ReduceMax
{
    public static TorchKernel Make(Op.ReduceMax op) => x => Extremes.Max(op, x);
}

internal static class ReduceMean
{
    public static TorchKernel Make(Op.ReduceMean op) =>
        x =>
            Reducing.Run(op, x, (t, axes, keep) =>
                t.IsFloat()
                    ? t.Mean(axes, keep)
                    : Reducing
                        .Sum(t, axes, keep)
                        .Quotient(Math.Max(1, axes.Aggregate(1L, (n, a) => n * t.Size((int)a))))
            );
}

internal static class ReduceMin
{
    public static TorchKernel Make(Op.ReduceMin op) => x => Extremes.Min(op, x);
}

internal static class ReduceProd
{
    private static readonly TorchOp Product = new("aten::prod.dim_int");

    public static TorchKernel Make(Op.ReduceProd op) => x => Reducing.Run(op, x, Run);

    /// <summary>One axis after the other, the last first, so that the others keep their place.</summary>
    private static TorchTensor Run(TorchTensor x, long[] axes, bool keep)
    {
        foreach (long axis in axes.Reverse())
            x = Product.Call(x, axis, keep, x.Type);
        return x;
    }
}

internal static class ReduceSum
{
    public static TorchKernel Make(Op.ReduceSum op) => x => Reducing.Run(op, x, Reducing.Sum);
}

internal static class ReduceSumSquare
{
    public static TorchKernel Make(Op.ReduceSumSquare op) =>
        x => Reducing.Run(op, x, (t, axes, keep) => Reducing.Sum(t.Mul(t), axes, keep));
}

/// <summary>The place of the greatest or least along an axis; the last of equals is the first of the flipped.</summary>
internal static class ArgumentSearch
{
    private static readonly TorchOp Flip = new("aten::flip");

    public static TorchTensor Run(
        Op.ArgumentReduction op,
        TorchTensor x,
        Func<TorchTensor, int, bool, TorchTensor> first
    ) =>
        op.Last
            ? TorchTensor
                .Scalar(x.Size(op.Axis) - 1)
                .Sub(first(Flip.Call(x, new long[] { op.Axis }), op.Axis, op.KeepDims))
            : first(x, op.Axis, op.KeepDims);
}

internal static class ArgMax
{
    public static TorchKernel Make(Op.ArgMax op) => x => ArgumentSearch.Run(op, x[0], Ops.ArgMax);
}

internal static class ArgMin
{
    public static TorchKernel Make(Op.ArgMin op) => x => ArgumentSearch.Run(op, x[0], Ops.ArgMin);
}

internal static class CumSum
{
    private static readonly TorchOp Running = new("aten::cumsum"),
        Flip = new("aten::flip");

    public static TorchKernel Make(Op.CumSum op) => x => Run(op, x[0], Shapes.Of(x[0]).Axis(x.Integers(1)![0]));

    private static TorchTensor Run(Op.CumSum op, TorchTensor x, int axis)
    {
        if (op.Reverse)
            x = Flip.Call(x, new long[] { axis });
        TorchTensor sums = Running.Call(x, axis, x.Type);
        if (op.Exclusive && x.Size(axis) > 0)
        {
            var front = new long[2 * (x.Rank - axis)];
            front[^2] = 1;
            sums = sums.Slice(axis, 0, x.Size(axis) - 1).ConstantPad(front);
        }
        return op.Reverse ? Flip.Call(sums, new long[] { axis }) : sums;
    }
}
