namespace Decant.Core.Channels.Rules;

/// <summary>Flatten, Reshape, Squeeze and Unsqueeze: a channel becomes a block of places, or a block of places a channel.</summary>
internal sealed class ReshapeRule : ChannelRule
{
    public override void Follow(NodeFlow flow)
    {
        if (flow.Shape(0) is { } x && flow.OutputShape() is { } y && flow.Input(0) is { } layout
            && ReshapeBlocks.Between(x, y) is { } blocks) flow.Output(0, Marks(flow, layout, x, y, blocks));
        else flow.Stop();
    }

    public override IEnumerable<Node> Thin(NodeCut cut)
    {
        bool changed = Enumerable.Range(0, cut.Shape(0).Rank).Any(a => !cut.IsWhole(cut.Node.Inputs[0], a));
        return [!changed ? cut.Node : cut.Node.Operator.Type switch { "Reshape" => Target(cut), "Squeeze" => Squeezed(cut), _ => cut.Node }];
    }

    private static int[]?[] Marks(NodeFlow flow, int[]?[] layout, Shape x, Shape y, List<(Range From, Range To)> blocks)
    {
        var made = new int[]?[y.Rank];
        foreach (var (from, to) in blocks)
        {
            int[] marked = [.. Enumerable.Range(0, x.Rank).Take(from).Where(a => layout[a] is not null)];
            if (marked.Length == 1) Spread(flow, layout[marked[0]]!, x, from, marked[0], y, to, made);
            else foreach (int axis in marked) flow.Fix(layout[axis]);
        }
        return made;
    }

    /// <summary>Marks of one axis, seen in the axes that its block becomes: they go on one of them, along the others they are joined.</summary>
    private static void Spread(NodeFlow flow, int[] marks, Shape x, Range from, int axis, Shape y, Range to, int[]?[] made)
    {
        int inner = (int)new Shape(x.Dims.AsSpan()[(axis + 1)..from.End]).Count, extent = x[axis];
        var (first, count) = to.GetOffsetAndLength(y.Rank);
        int[] dims = [.. y.Dims.AsSpan(first, count)];
        int size = dims.Aggregate(1, (a, b) => a * b), at = Carrier(dims, inner, extent, size);
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
            if (mark < 0) mark = marks[i / inner % extent];
            else flow.Join(mark, marks[i / inner % extent]);
        }
        made[first + at] = carried;
    }

    /// <summary>The axis that tells channels apart alone, or, where a channel's number is split over several, the longest of these.</summary>
    private static int Carrier(int[] dims, int inner, int extent, int size)
    {
        int best = -1;
        for (int a = 0, step = size; a < dims.Length; a++)
        {
            step /= dims[a];
            // Along an axis that steps over whole rounds of the channels, or within one channel, nothing changes.
            bool tells = dims[a] > 1 && step % (inner * extent) != 0 && inner % (step * dims[a]) != 0;
            if (tells && (best < 0 || dims[a] >= dims[best])) best = a;
        }
        return best;
    }

    private static Node Target(NodeCut cut)
    {
        long[] target = cut.Integers(1)!;
        string x = cut.Node.Inputs[0], y = cut.Node.Outputs[0];
        for (int i = 0; i < target.Length; i++)
        {
            bool copies = target[i] == 0 && cut.Extent(y, i) != 0;
            if (target[i] > 0 || (copies && cut.Left(x, i) != cut.Left(y, i))) target[i] = cut.Left(y, i) is >= 0 and var left ? left : target[i];
        }
        return cut.Set(cut.Node, 1, target);
    }

    /// <summary>Axes that are not named would be those of extent 1, of which there may now be more.</summary>
    private static Node Squeezed(NodeCut cut)
    {
        if (cut.Integers(1) is not null) return cut.Node;
        Shape x = cut.Shape(0);
        return cut.Set(cut.Node, 1, [.. Enumerable.Range(0, x.Rank).Where(a => x[a] == 1).Select(a => (long)a)]);
    }
}
