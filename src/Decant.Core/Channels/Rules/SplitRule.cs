using Decant.Core.Operators;

namespace Decant.Core.Channels.Rules;

/// <summary>Split: each output has a stretch of the marks along the axis.</summary>
internal sealed class SplitRule : ChannelRule
{
    public override void Follow(NodeFlow flow)
    {
        if (Sizes(flow.Node, flow.Shape(0), flow.Integers(1), flow.Has(1)) is not { } sizes)
        {
            flow.Stop();
            return;
        }
        int[]?[] x = flow.Input(0)!;
        int axis = flow.Shape(0)!.Value.Axis(((Split)flow.Node.Operator).Axis), start = 0;
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
        int axis = x.Axis(((Split)cut.Node.Operator).Axis), start = 0;
        if (cut.Kept(cut.Node.Inputs[0], axis) is not { } kept) return [cut.Node];
        int[] sizes = Sizes(cut.Node, x, cut.Integers(1), cut.Integers(1) is not null)!;
        var left = new List<long>();
        foreach (int size in sizes)
        {
            left.Add(kept.Count(k => k >= start && k < start + size));
            start += size;
        }
        Node node = cut.Set(cut.Node, 1, left);
        return [node with { Operator = OperatorCatalogue.Create("Split", node.Operator.Attributes.Without("num_outputs")) }];
    }

    private static int[]? Sizes(Node node, Shape? x, long[]? given, bool isGiven) =>
        x is not { } shape || (isGiven && given is null) ? null
        : shape[shape.Axis(((Split)node.Operator).Axis)] is >= 0 and var extent ? ((Split)node.Operator).Sizes(extent, given) : null;
}
