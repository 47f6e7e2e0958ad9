using Decant.Core.Channels.Constants;
using Decant.Core.Operators;

namespace Decant.Core.Channels.Rules;

/// <summary>Concat: marks stand one after the other along the axis, and are joined along the others.</summary>
internal sealed class ConcatRule : ChannelRule
{
    public override Dictionary<int, double> Constants(NodeConstants node) => ConstantRules.Concat(node);

    public override void Follow(NodeFlow flow)
    {
        Shape?[] shapes = [.. Enumerable.Range(0, flow.Node.Inputs.Length).Select(i => flow.Shape(i))];
        if (shapes.Any(s => s is null))
        {
            flow.Stop();
            return;
        }
        int joined = shapes[0]!.Value.Axis(((Concat)flow.Node.Operator).Axis);
        flow.Output(
            0,
            [
                .. Enumerable
                    .Range(0, shapes[0]!.Value.Rank)
                    .Select(axis => axis == joined ? After(flow, shapes, axis) : Beside(flow, axis)),
            ]
        );
    }

    private static int[]? After(NodeFlow flow, Shape?[] shapes, int axis)
    {
        int[]?[] parts = [.. shapes.Select((_, i) => flow.Input(i)![axis])];
        if (parts.All(p => p is null))
            return null;
        if (shapes.All(s => s!.Value[axis] >= 0))
            return [.. parts.SelectMany((p, i) => p ?? Fixed(flow, shapes[i]!.Value[axis]))];
        foreach (int[]? part in parts)
            flow.Fix(part);
        return null;
    }

    private static int[]? Beside(NodeFlow flow, int axis)
    {
        int[]? first = flow.Input(0)![axis];
        for (int i = 1; i < flow.Node.Inputs.Length; i++)
            flow.Join(first, flow.Input(i)![axis]);
        return first;
    }

    private static int[] Fixed(NodeFlow flow, int count)
    {
        int[] marks = flow.New(count);
        flow.Fix(marks);
        return marks;
    }
}

/// <summary>Split: each output has a stretch of the marks along the axis.</summary>
internal sealed class SplitRule : ChannelRule
{
    public override Dictionary<int, double> Constants(NodeConstants node) => ConstantRules.Pass(node);

    public override void Follow(NodeFlow flow)
    {
        if (Sizes(flow.Node, flow.Shape(0), flow.Integers(1), flow.Has(1)) is not { } sizes)
        {
            flow.Stop();
            return;
        }
        int[]?[] x = flow.Input(0)!;
        int axis = flow.Shape(0)!.Value.Axis(((Split)flow.Node.Operator).Axis),
            start = 0;
        for (int i = 0; i < sizes.Length; start += sizes[i++])
        {
            int[]?[] part = [.. x];
            part[axis] = x[axis]?[start..(start + sizes[i])];
            flow.Output(i, part);
        }
    }

    public override IEnumerable<Node> Thin(NodeCut cut)
    {
        Shape x = cut.Shape(0);
        int axis = x.Axis(((Split)cut.Node.Operator).Axis),
            start = 0;
        if (cut.Kept(cut.Node.Inputs[0], axis) is not { } kept)
            return [cut.Node];
        int[] sizes = Sizes(cut.Node, x, cut.Integers(1), cut.Integers(1) is not null)!;
        var left = new List<long>();
        foreach (int size in sizes)
        {
            left.Add(kept.Count(k => k >= start && k < start + size));
            start += size;
        }
        Node node = cut.Set(cut.Node, 1, left);
        return
        [
            node with
            {
                Operator = OperatorCatalogue.Create("Split", node.Operator.Attributes.Without("num_outputs")),
            },
        ];
    }

    private static int[]? Sizes(Node node, Shape? x, long[]? given, bool isGiven) =>
        x is not { } shape || (isGiven && given is null) ? null
        : shape[shape.Axis(((Split)node.Operator).Axis)] is >= 0 and var extent
            ? ((Split)node.Operator).Sizes(extent, given)
        : null;
}

/// <summary>Slice: some of the marks along an axis.</summary>
internal sealed class SliceRule : ChannelRule
{
    public override Dictionary<int, double> Constants(NodeConstants node) => ConstantRules.Pass(node);

    public override void Follow(NodeFlow flow)
    {
        if (flow.OutputShape() is not { } || flow.Input(0) is not { } x)
        {
            flow.Stop();
            return;
        }
        int[]?[] y = [.. x];
        if (!flow.Knows(1, 2, 3, 4))
        {
            FixOpen(flow, y);
            return;
        }
        foreach (
            var (axis, start, step, count) in Slice.Ranges(
                flow.Shape(0)!.Value,
                flow.Integers(1)!,
                flow.Integers(2)!,
                flow.Integers(3),
                flow.Integers(4)
            )
        )
            y[axis] = x[axis] is { } marks
                ? [.. Enumerable.Range(0, count).Select(i => marks[start + i * step])]
                : null;
        flow.Output(0, y);
    }

    /// <summary>Bounds that are known only at run time: the axes that they cut stay whole.</summary>
    private static void FixOpen(NodeFlow flow, int[]?[] y)
    {
        int[] axes = flow.Integers(3) is { } named
            ? [.. named.Select(flow.Shape(0)!.Value.Axis)]
            : [.. Enumerable.Range(0, y.Length)];
        foreach (int axis in axes)
        {
            flow.Fix(y[axis]);
            y[axis] = null;
        }
        flow.Output(0, y);
    }

    public override IEnumerable<Node> Thin(NodeCut cut)
    {
        if (cut.Integers(1) is not { } starts || cut.Integers(2) is not { } ends)
            return [cut.Node];
        long[] steps = cut.Integers(4) ?? [.. starts.Select(_ => 1L)];
        var gathers = new List<(int Axis, long[] Places)>();
        var ranges = Slice.Ranges(cut.Shape(0), starts, ends, cut.Integers(3), cut.Integers(4));
        bool changed = false;
        for (int i = 0; i < ranges.Count; i++)
        {
            var (axis, start, step, count) = ranges[i];
            if (cut.Kept(cut.Node.Inputs[0], axis) is not { } kept)
                continue;
            changed = true;
            long[] places =
            [
                .. Enumerable
                    .Range(0, count)
                    .Select(k => (long)Array.IndexOf(kept, start + k * step))
                    .Where(p => p >= 0),
            ];
            long by = places.Length > 1 ? places[1] - places[0] : 1;
            bool even = by > 0 && !places.Where((p, k) => p != places[0] + k * by).Any();
            (starts[i], ends[i], steps[i]) = even ? (places[0], places[^1] + 1, by) : (0, kept.Length, 1);
            if (!even)
                gathers.Add((axis, places));
        }
        return changed ? Nodes(cut, starts, ends, steps, gathers) : [cut.Node];
    }

    /// <summary>
    /// The Slice with its new bounds, and a Gather for each axis where what is left no longer lies at even steps.
    /// </summary>
    private static List<Node> Nodes(
        NodeCut cut,
        long[] starts,
        long[] ends,
        long[] steps,
        List<(int Axis, long[] Places)> gathers
    )
    {
        Node slice = cut.Set(cut.Set(cut.Node, 1, starts), 2, ends);
        if (cut.Integers(4) is not null || steps.Any(s => s != 1))
            slice = cut.Set(cut.Set(slice, 3, cut.Integers(3) ?? [.. starts.Select((_, i) => (long)i)]), 4, steps);
        var nodes = new List<Node> { slice };
        foreach (var (axis, places) in gathers)
            cut.Gather(nodes, axis, places);
        return nodes;
    }
}

/// <summary>
/// Pad: channels put before and after have marks of their own, which a sum joins with the channels that they stand
/// beside.
/// </summary>
internal sealed class PadRule : ChannelRule
{
    public override Dictionary<int, double> Constants(NodeConstants node) => ConstantRules.Pad(node);

    public override void Follow(NodeFlow flow)
    {
        if (flow.OutputShape() is not { } || flow.Input(0) is not { } x || !flow.Knows(1, 3))
        {
            flow.Stop();
            return;
        }
        var (before, after) = Pad.Amounts(flow.Shape(0)!.Value, flow.Integers(1)!, flow.Integers(3));
        bool constant = ((Pad)flow.Node.Operator).Mode == "constant";
        flow.Output(
            0,
            [
                .. x.Select(
                    (marks, axis) => marks is null ? null : Padded(flow, marks, before[axis], after[axis], constant)
                ),
            ]
        );
    }

    public override IEnumerable<Node> Thin(NodeCut cut)
    {
        Shape x = cut.Shape(0);
        long[] pads = cut.Integers(1)!,
            axes = cut.Integers(3) ?? [.. Enumerable.Range(0, x.Rank).Select(a => (long)a)];
        bool changed = false;
        for (int i = 0; i < axes.Length; i++)
        {
            int axis = x.Axis(axes[i]);
            if (cut.IsWhole(cut.Node.Inputs[0], axis) && cut.IsWhole(cut.Node.Outputs[0], axis))
                continue;
            changed = true;
            pads[i] = Left(cut, axis, pads[i], atStart: true);
            pads[i + axes.Length] = Left(cut, axis, pads[i + axes.Length], atStart: false);
        }
        return [changed ? cut.Set(cut.Node, 1, pads) : cut.Node];
    }

    private static int[] Padded(NodeFlow flow, int[] marks, int before, int after, bool constant)
    {
        int[] kept = marks[Math.Max(0, -before)..(marks.Length - Math.Max(0, -after))];
        int[] made = [.. flow.New(Math.Max(0, before)), .. kept, .. flow.New(Math.Max(0, after))];
        if (!constant && made.Length > kept.Length)
        {
            flow.Fix(marks);
            flow.Fix(made);
        }
        return made;
    }

    /// <summary>What is left of the padding at one end; of what is cropped where it is negative.</summary>
    private static long Left(NodeCut cut, int axis, long pad, bool atStart)
    {
        bool crops = pad < 0;
        string value = crops ? cut.Node.Inputs[0] : cut.Node.Outputs[0];
        int size = (int)Math.Abs(pad),
            all = cut.Extent(value, axis),
            from = atStart ? 0 : all - size;
        int left = cut.Kept(value, axis) is { } kept ? kept.Count(k => k >= from && k < from + size) : size;
        return crops ? -left : left;
    }
}
