namespace Decant.Core.Channels.Rules;

/// <summary>Resize: axes that keep their extent keep their marks.</summary>
internal sealed class ResizeRule : ChannelRule
{
    public override void Follow(NodeFlow flow)
    {
        if (flow.OutputShape() is not { } y || flow.Input(0) is not { } x || flow.Shape(1) is { Rank: 1 } roi && roi[0] != 0)
        {
            flow.Stop();
            return;
        }
        Shape from = flow.Shape(0)!.Value;
        flow.Fix(x, axis => y[axis] != from[axis]);
        flow.Output(0, [.. x.Select((marks, axis) => y[axis] == from[axis] ? marks : null)]);
    }

    public override IEnumerable<Node> Thin(NodeCut cut)
    {
        if (cut.Integers(3) is not { Length: > 0 } sizes) return [cut.Node];
        var named = cut.Node.Operator.Attributes.Ints("axes");
        for (int i = 0; i < sizes.Length; i++)
        {
            int axis = named.IsEmpty ? i : cut.Shape(0).Axis(named[i]);
            if (cut.Kept(cut.Node.Outputs[0], axis) is { } kept) sizes[i] = kept.Length;
        }
        return [cut.Set(cut.Node, 3, sizes)];
    }
}
