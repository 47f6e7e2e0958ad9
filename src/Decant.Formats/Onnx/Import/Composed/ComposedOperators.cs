using System.Collections.Frozen;
using Decant.Core;
using Decant.Formats.Onnx.Import.Upgrades;
using Decant.Formats.Onnx.Messages;

namespace Decant.Formats.Onnx.Import.Composed;

/// <summary>
/// Standard operators that others compute, each as those: no executor or technique need know them. To support another
/// one, add its line.
/// </summary>
internal static class ComposedOperators
{
    private static readonly FrozenDictionary<string, Action<Lowering>> Table = new Dictionary<string, Action<Lowering>>(
        StringComparer.Ordinal
    )
    {
        ["Attention"] = Attention.Lower,
        ["Einsum"] = Einsum.Lower,
        ["GridSample"] = GridSample.Lower,
        ["IsInf"] = IsInf,
        ["IsNaN"] = l => l.Finish(l.Make("Not", l.Make("Equal", l.Node.Input(0), l.Node.Input(0)))),
        ["ReverseSequence"] = ReverseSequence,
        ["RotaryEmbedding"] = RotaryEmbedding.Lower,
        ["ScatterND"] = ScatterNd.Lower,
        ["Swish"] = Swish,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The nodes that compute what one does: itself, unless it is in the table.</summary>
    /// <exception cref="ModelException">This use of the operator is not supported.</exception>
    public static IReadOnlyList<GraphNode> Lowered(GraphNode node, UpgradeContext context)
    {
        if (!Table.TryGetValue(node.Type, out Action<Lowering>? lower))
            return [node];
        var lowering = new Lowering(node, context);
        lower(lowering);
        return lowering.Nodes;
    }

    /// <summary>x·sigmoid(alpha·x).</summary>
    private static void Swish(Lowering l)
    {
        l.Node.Attributes.EnsureOnly("alpha");
        string x = l.Node.Input(0);
        float alpha = l.Node.Attributes.Float("alpha", 1);
        string scaled = alpha == 1 ? x : l.Make("Mul", x, l.Weight("alpha", Tensor.Scalar(alpha)));
        l.Finish(l.Make("Mul", x, l.Make("Sigmoid", scaled)));
    }

    /// <summary>Steps t of an example of length n from step n − 1 − t; later ones from their own.</summary>
    private static void ReverseSequence(Lowering l)
    {
        l.Node.Attributes.EnsureOnly("batch_axis", "time_axis");
        l.EnsureCounts(2, 2);
        long batch = l.Node.Attributes.Int("batch_axis", 1),
            time = l.Node.Attributes.Int("time_axis", 0);
        if ((batch, time) is not ((0, 1) or (1, 0)) || l.Rank(0) < 2)
            throw new ModelException($"batch_axis {batch} and time_axis {time} of {l.Rank(0)} axes: 0 and 1 are possible");
        long[] order = [1, 0, .. Enumerable.Range(2, l.Rank(0) - 2)];
        string x = batch == 0 ? l.Node.Input(0) : l.Transposed(l.Node.Input(0), order),
            steps = l.Counted(l.ExtentOf(x, 1)),
            ends = l.Widened(l.Node.Input(1), 1),
            backward = l.Make("Sub", l.Make("Sub", ends, l.Weight("one", Tensor.Scalar(1L))), steps),
            from = l.Make("Where", l.Make("Less", steps, ends), backward, steps);
        string y = l.Make("GatherND", new Attributes(("batch_dims", 1L)), x, l.Widened(from, 2));
        l.Finish(batch == 0 ? y : l.Transposed(y, order));
    }

    /// <summary>Whether an element is infinite, of one sign or of either.</summary>
    private static void IsInf(Lowering l)
    {
        l.Node.Attributes.EnsureOnly("detect_negative", "detect_positive");
        string x = l.Node.Input(0);
        bool high = l.Node.Attributes.Flag("detect_positive", true),
            low = l.Node.Attributes.Flag("detect_negative", true);
        string Is(double infinity, string name) =>
            l.Make(
                "Equal",
                x,
                l.Weight(
                    name,
                    l.Type(0) == ElementType.Float64 ? Tensor.Scalar(infinity) : Tensor.Scalar((float)infinity)
                )
            );
        if (high && low)
            l.Finish(l.Make("Or", Is(double.PositiveInfinity, "high"), Is(double.NegativeInfinity, "low")));
        else if (high || low)
            l.Finish(Is(high ? double.PositiveInfinity : double.NegativeInfinity, "infinity"));
        else
            l.Finish(l.Make("Less", x, x));
    }
}
