using Decant.Core.Channels.Constants;
using Decant.Core.Operators;

namespace Decant.Core.Channels.Rules;

/// <summary>
/// Flatten, Reshape, Squeeze and Unsqueeze: a channel becomes a block of places, or a block of places a channel.
/// </summary>
internal sealed class ReshapeRule(Func<NodeCut, Node> thin) : ChannelRule
{
    public override Dictionary<int, double> Constants(NodeConstants node) => ConstantRules.Pass(node);

    public override void Follow(NodeFlow flow)
    {
        if (
            flow.Shape(0) is { } x
            && flow.OutputShape() is { } y
            && flow.Knows(1)
            && flow.Input(0) is { } layout
            && ReshapeBlocks.Between(x, y) is { } blocks
        )
            flow.Output(0, Marks(flow, layout, x, y, blocks));
        else
            flow.Stop();
    }

    public override IEnumerable<Node> Thin(NodeCut cut)
    {
        bool changed = Enumerable.Range(0, cut.Shape(0).Rank).Any(a => !cut.IsWhole(cut.Node.Inputs[0], a));
        return [changed ? thin(cut) : cut.Node];
    }

    private static int[]?[] Marks(
        NodeFlow flow,
        int[]?[] layout,
        Shape x,
        Shape y,
        List<(System.Range From, System.Range To)> blocks
    )
    {
        var made = new int[]?[y.Rank];
        foreach (var (from, to) in blocks)
        {
            int[] marked = [.. Enumerable.Range(0, x.Rank).Take(from).Where(a => layout[a] is not null)];
            if (marked.Length == 1)
                Spread(flow, layout[marked[0]]!, x, from, marked[0], y, to, made);
            else
                foreach (int axis in marked)
                    flow.Fix(layout[axis]);
        }
        return made;
    }

    /// <summary>
    /// Marks of one axis, seen in the axes that its block becomes: they go on one of them, along the others they are
    /// joined.
    /// </summary>
    private static void Spread(
        NodeFlow flow,
        int[] marks,
        Shape x,
        System.Range from,
        int axis,
        Shape y,
        System.Range to,
        int[]?[] made
    )
    {
        int inner = (int)new Shape(x.Dims.AsSpan()[(axis + 1)..from.End]).Count,
            extent = x[axis];
        var (first, count) = to.GetOffsetAndLength(y.Rank);
        int[] dims = [.. y.Dims.AsSpan(first, count)];
        int size = dims.Aggregate(1, (a, b) => a * b),
            at = Carrier(dims, inner, extent, size, flow.SplitsHeads);
        if (at < 0)
        {
            flow.Fix(marks);
            return;
        }
        int step = dims[(at + 1)..].Aggregate(1, (a, b) => a * b);
        int[] carried = new int[dims[at]];
        Array.Fill(carried, -1);
        for (int i = 0; i < size; i++)
        {
            ref int mark = ref carried[i / step % dims[at]];
            if (mark < 0)
                mark = marks[i / inner % extent];
            else
                flow.Join(mark, marks[i / inner % extent]);
        }
        made[first + at] = carried;
    }

    /// <summary>
    /// The axis that tells channels apart alone, or, where a channel's number is split over several, the longest of
    /// these: where heads are split, of all but the last, along which a head's dimensions lie.
    /// </summary>
    private static int Carrier(int[] dims, int inner, int extent, int size, bool splitsHeads)
    {
        var telling = new List<int>();
        for (int a = 0, step = size; a < dims.Length; a++)
        {
            step /= dims[a];
            // Along an axis that steps over whole rounds of the channels, or within one channel, nothing changes.
            if (dims[a] > 1 && step % (inner * extent) != 0 && inner % (step * dims[a]) != 0)
                telling.Add(a);
        }
        if (splitsHeads && telling.Count > 1)
            telling.RemoveAt(telling.Count - 1);
        int best = -1;
        foreach (int a in telling)
            if (best < 0 || dims[a] >= dims[best])
                best = a;
        return best;
    }

    /// <summary>A Reshape with the extents that are left in its target.</summary>
    public static Node Target(NodeCut cut)
    {
        long[] target = cut.Integers(1)!;
        string x = cut.Node.Inputs[0],
            y = cut.Node.Outputs[0];
        for (int i = 0; i < target.Length; i++)
        {
            bool copies = target[i] == 0 && cut.Extent(y, i) != 0;
            if (target[i] > 0 || (copies && cut.Left(x, i) != cut.Left(y, i)))
                target[i] = cut.Left(y, i) is >= 0 and var left ? left : target[i];
        }
        return cut.Set(cut.Node, 1, target);
    }

    /// <summary>
    /// A Squeeze that names its axes: unnamed ones would be those of extent 1, of which there may now be more.
    /// </summary>
    public static Node Squeezed(NodeCut cut)
    {
        if (cut.Integers(1) is not null)
            return cut.Node;
        Shape x = cut.Shape(0);
        return cut.Set(cut.Node, 1, [.. Enumerable.Range(0, x.Rank).Where(a => x[a] == 1).Select(a => (long)a)]);
    }
}

/// <summary>
/// Cuts two shapes of the same elements into the shortest runs of axes that hold as many on either side.
/// </summary>
internal static class ReshapeBlocks
{
    /// <summary>
    /// The runs, in order; null if unknown extents hide them. Axes of extent 1 at the end stand in the last.
    /// </summary>
    public static List<(System.Range From, System.Range To)>? Between(Shape x, Shape y)
    {
        var blocks = new List<(System.Range, System.Range)>();
        for (int i = 0, j = 0; i < x.Rank || j < y.Rank; )
        {
            int i0 = i,
                j0 = j;
            if (i < x.Rank && j < y.Rank && x[i] < 0 && y[j] < 0)
                (i, j) = (i + 1, j + 1);
            else if (!Run(x, y, ref i, ref j))
                return null;
            blocks.Add((i0..i, j0..j));
        }
        return blocks;
    }

    private static bool Run(Shape x, Shape y, ref int i, ref int j)
    {
        // An axis of extent 1 on one side alone is a run of its own.
        if (i < x.Rank && x[i] == 1 && !(j < y.Rank && y[j] == 1))
            return Next(ref i);
        if (j < y.Rank && y[j] == 1 && !(i < x.Rank && x[i] == 1))
            return Next(ref j);
        if (i == x.Rank || j == y.Rank || x[i] < 0 || y[j] < 0)
            return false;
        long a = x[i++],
            b = y[j++];
        while (a != b)
        {
            ref int at = ref a < b ? ref i : ref j;
            Shape shape = a < b ? x : y;
            if (at == shape.Rank || shape[at] < 0)
                return false;
            if (a < b)
                a *= shape[at++];
            else
                b *= shape[at++];
        }
        return true;
    }

    private static bool Next(ref int at)
    {
        at++;
        return true;
    }
}

/// <summary>Shape: axes whose extent is read cannot be pruned.</summary>
internal sealed class ShapeRule : ChannelRule
{
    public override Dictionary<int, double> Constants(NodeConstants node) => [];

    public override void Follow(NodeFlow flow)
    {
        if (flow.Input(0) is not { } x)
        {
            flow.Stop();
            return;
        }
        var (first, count) = ((Operators.Inspection.Shape)flow.Node.Operator).Range(x.Length);
        flow.Fix(x, axis => axis >= first && axis < first + count);
        flow.Output(0, [null]);
    }
}

/// <summary>Transpose: axes change places.</summary>
internal sealed class TransposeRule : ChannelRule
{
    public override Dictionary<int, double> Constants(NodeConstants node) => ConstantRules.Pass(node);

    public override void Follow(NodeFlow flow)
    {
        if (flow.Input(0) is { } x)
            flow.Output(0, [.. ((Transpose)flow.Node.Operator).Order(x.Length).Select(axis => x[axis])]);
        else
            flow.Stop();
    }
}
