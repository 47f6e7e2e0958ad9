using Decant.Core.Operators;

namespace Decant.Core.Channels.Rules;

/// <summary>Slice: some of the marks along an axis.</summary>
internal sealed class SliceRule : ChannelRule
{
    public override void Follow(NodeFlow flow)
    {
        if (flow.OutputShape() is not { } || flow.Input(0) is not { } x)
        {
            flow.Stop();
            return;
        }
        int[]?[] y = [.. x];
        foreach (var (axis, start, step, count) in Slice.Ranges(flow.Shape(0)!.Value, flow.Integers(1)!, flow.Integers(2)!, flow.Integers(3), flow.Integers(4)))
            y[axis] = x[axis] is { } marks ? [.. Enumerable.Range(0, count).Select(i => marks[start + i * step])] : null;
        flow.Output(0, y);
    }

    public override IEnumerable<Node> Thin(NodeCut cut)
    {
        long[] starts = cut.Integers(1)!, ends = cut.Integers(2)!, steps = cut.Integers(4) ?? [.. starts.Select(_ => 1L)];
        var gathers = new List<(int Axis, long[] Places)>();
        var ranges = Slice.Ranges(cut.Shape(0), starts, ends, cut.Integers(3), cut.Integers(4));
        bool changed = false;
        for (int i = 0; i < ranges.Count; i++)
        {
            var (axis, start, step, count) = ranges[i];
            if (cut.Kept(cut.Node.Inputs[0], axis) is not { } kept) continue;
            changed = true;
            long[] places = [.. Enumerable.Range(0, count).Select(k => (long)Array.IndexOf(kept, start + k * step)).Where(p => p >= 0)];
            long by = places.Length > 1 ? places[1] - places[0] : 1;
            bool even = by > 0 && !places.Where((p, k) => p != places[0] + k * by).Any();
            (starts[i], ends[i], steps[i]) = even ? (places[0], places[^1] + 1, by) : (0, kept.Length, 1);
            if (!even) gathers.Add((axis, places));
        }
        return changed ? Nodes(cut, starts, ends, steps, gathers) : [cut.Node];
    }

    /// <summary>The Slice with its new bounds, and a Gather for each axis where what is left no longer lies at even steps.</summary>
    private static List<Node> Nodes(NodeCut cut, long[] starts, long[] ends, long[] steps, List<(int Axis, long[] Places)> gathers)
    {
        Node slice = cut.Set(cut.Set(cut.Node, 1, starts), 2, ends);
        if (cut.Integers(4) is not null || steps.Any(s => s != 1))
            slice = cut.Set(cut.Set(slice, 3, cut.Integers(3) ?? [.. starts.Select((_, i) => (long)i)]), 4, steps);
        var nodes = new List<Node> { slice };
        foreach (var (axis, places) in gathers) cut.Gather(nodes, axis, places);
        return nodes;
    }
}
