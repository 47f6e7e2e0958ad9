using Decant.Core;
using Decant.Formats.Onnx.Import.Folding;
using Decant.Formats.Onnx.Messages;

namespace Decant.Formats.Onnx.Import;

/// <summary>
/// Makes constants of parameters that depend on the batch only in a way that the operator can say by itself: a Reshape
/// to (N, -1) of a tensor whose axis 0 is N is one to (0, -1).
/// </summary>
internal static class ParameterSettling
{
    /// <summary>The node with such parameters constant; itself if there are none.</summary>
    public static GraphNode Settle(GraphNode node, Values values) =>
        node.Type switch
        {
            "Reshape" => Reshape(node, values),
            "Slice" => Slice(node, values),
            _ => node,
        };

    private static GraphNode Reshape(GraphNode node, Values values)
    {
        if (Open(node, 1, values) is not { } target)
            return node;
        Term[]? data = values.Extents(node.Input(0));
        bool copies = !node.Attributes.Flag("allowzero");
        long[] settled =
        [
            .. target.Terms.Select(
                (t, i) =>
                    t.IsConstant ? t.Constant
                    : copies && Same(data, i, t) ? 0
                    : long.MinValue
            ),
        ];
        int open = Array.IndexOf(settled, long.MinValue),
            free = Array.IndexOf(settled, -1L);
        if (open >= 0 && free >= 0)
        {
            if (TypeInference.Extents(node, values) is not { } made || !made[free].IsConstant)
                return node;
            settled[free] = made[free].Constant;
        }
        if (open >= 0)
            settled[open] = -1;
        return settled.Contains(long.MinValue) ? node : With(node, 1, "shape", settled, values);
    }

    private static GraphNode Slice(GraphNode node, Values values)
    {
        if (Open(node, 2, values) is not { } ends || values.Extents(node.Input(0)) is not { } data)
            return node;
        long[]? axes =
            node.Input(3).Length > 0
                ? values.Elements(node.Input(3))?.Integers()
                : [.. Enumerable.Range(0, ends.Count).Select(i => (long)i)];
        if (axes is null || axes.Length != ends.Count)
            return node;
        var settled = new long[ends.Count];
        for (int i = 0; i < settled.Length; i++)
        {
            if (!ends.Terms[i].IsConstant && !Same(data, axes[i] < 0 ? axes[i] + data.Length : axes[i], ends.Terms[i]))
                return node;
            settled[i] = ends.Terms[i].IsConstant ? ends.Terms[i].Constant : long.MaxValue;
        }
        return With(node, 2, "ends", settled, values);
    }

    /// <summary>The integers of an input of which some are known, but not all; null otherwise.</summary>
    private static PartialTensor? Open(GraphNode node, int input, Values values) =>
        values.Partial(node.Input(input)) is { IsInteger: true, IsConstant: false, Shape.Rank: 1 } open ? open : null;

    private static bool Same(Term[]? extents, long axis, Term term) =>
        extents is not null && axis >= 0 && axis < extents.Length && !term.IsUnknown && extents[axis] == term;

    private static GraphNode With(GraphNode node, int input, string parameter, long[] settled, Values values) =>
        node.WithInput(input, values.AddUnique($"{node.Name}.{parameter}", Tensor.Vector(settled)));
}
