using Decant.Core;
using Decant.Torch;

namespace Decant.Training.Operators;

/// <summary>Reductions over the axes that a node names. Over no axis, a number is reduced by itself, over an axis of its own.</summary>
internal static class Reducing
{
    private static readonly TorchOp SumOp = new("aten::sum.dim_IntList");

    /// <summary>Reduces input 0.</summary>
    /// <param name="op">The reduction.</param>
    /// <param name="x">What the node reads.</param>
    /// <param name="reduce">A tensor, axes, and whether to keep them, to the result.</param>
    /// <param name="ofNothing">What is found of no numbers, where libtorch does not say.</param>
    public static TorchTensor Run(Reduction op, TorchInputs x, Func<TorchTensor, long[], bool, TorchTensor> reduce, double? ofNothing = null)
    {
        Shape shape = Shapes.Of(x[0]);
        bool[] reduced = op.Axes(shape, x.Integers(1));
        long[] axes = [.. Enumerable.Range(0, reduced.Length).Where(i => reduced[i]).Select(i => (long)i)];
        if (axes.Length == 0) return reduce(x[0].Unsqueeze(-1), [shape.Rank], false);
        if (ofNothing is not { } value || shape.Count > 0) return reduce(x[0], axes, op.KeepDims);
        TorchTensor counts = Sum(Ops.Zeros(x[0].Shape), axes, op.KeepDims);
        return Ops.Full(counts.Shape, value, x[0].Type);
    }

    /// <summary>The sum, of the type of x.</summary>
    public static TorchTensor Sum(TorchTensor x, long[] axes, bool keep) => SumOp.Call(x, axes, keep, x.Type);
}
