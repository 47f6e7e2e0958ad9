using Decant.Core.Channels.Constants;
using Decant.Core.Operators;

namespace Decant.Core.Channels.Rules;

/// <summary>
/// Convolution. Where every group reads one channel (depthwise), a channel goes with what is made of it. Else groups
/// stay equal: the k-th channels of all groups are pruned together.
/// </summary>
internal sealed class ConvRule : ChannelRule
{
    public override Dictionary<int, double> Constants(NodeConstants node) => LinearConstants.Conv(node);

    public override void Follow(NodeFlow flow)
    {
        if (!flow.IsWeight(1) || flow.Input(0) is not { } x || flow.Shape(1) is not { } shape)
        {
            flow.Stop();
            return;
        }
        int[]?[] w = flow.Input(1)!;
        int[]? made = flow.Source(1, 0);
        Read(flow, x[1], made, w[1], ((Conv)flow.Node.Operator).Group, shape);
        flow.Fix(x, axis => axis != 1);
        flow.Fix(w, axis => axis > 1);
        if (flow.Has(2))
            flow.Join(made, flow.Input(2)![0]);
        flow.Role(2, 0, ChannelRole.Producer);
        flow.Output(0, [null, made, .. new int[]?[x.Length - 2]]);
    }

    /// <summary>With one input channel a group, there are as many groups as input channels that are left.</summary>
    public override IEnumerable<Node> Thin(NodeCut cut)
    {
        if (
            !IsDepthwise(((Conv)cut.Node.Operator).Group, cut.Shape(1))
            || cut.Kept(cut.Node.Inputs[0], 1) is not { } kept
        )
            return [cut.Node];
        return [cut.With("group", (long)kept.Length)];
    }

    private static bool IsDepthwise(int groups, Shape w) => groups > 1 && w[1] == 1;

    private static void Read(NodeFlow flow, int[]? read, int[]? made, int[]? slices, int groups, Shape w)
    {
        if (groups == 1)
            flow.Read(0, 1, 1, 1);
        else if (read is null)
        {
            flow.Fix(made);
            flow.Fix(slices);
        }
        else if (IsDepthwise(groups, w))
            Join(flow, made!, i => read[i / (w[0] / groups)]);
        else
        {
            Join(flow, read, i => slices![i % w[1]]);
            Join(flow, made!, i => made![i % (w[0] / groups)]);
            flow.Reads(0, 1, 1);
        }
    }

    private static void Join(NodeFlow flow, int[] marks, Func<int, int> other)
    {
        for (int i = 0; i < marks.Length; i++)
            flow.Join(marks[i], other(i));
    }
}

/// <summary>Transposed convolution without groups; with groups, nothing is pruned.</summary>
internal sealed class ConvTransposeRule : ChannelRule
{
    public override Dictionary<int, double> Constants(NodeConstants node) => LinearConstants.ConvTranspose(node);

    public override void Follow(NodeFlow flow)
    {
        if (!flow.IsWeight(1) || flow.Input(0) is not { } x || ((ConvTranspose)flow.Node.Operator).Group != 1)
        {
            flow.Stop();
            return;
        }
        int[]? made = flow.Source(1, 1);
        flow.Read(0, 1, 1, 0);
        flow.Fix(x, axis => axis != 1);
        flow.Fix(flow.Input(1)!, axis => axis > 1);
        if (flow.Has(2))
            flow.Join(made, flow.Input(2)![0]);
        flow.Role(2, 0, ChannelRole.Producer);
        flow.Output(0, [null, made, .. new int[]?[x.Length - 2]]);
    }
}

/// <summary>Pooling over windows or over all of an image: channels stay, spatial axes cannot be pruned.</summary>
internal sealed class PoolRule(Func<NodeConstants, Dictionary<int, double>> constants) : ChannelRule
{
    public override Dictionary<int, double> Constants(NodeConstants node) => constants(node);

    public override void Follow(NodeFlow flow)
    {
        // Places of the largest count through all channels.
        if (flow.Input(0) is not { Length: > 2 } x || flow.Makes(1))
        {
            flow.Stop();
            return;
        }
        flow.Fix(x, axis => axis > 1);
        flow.Output(0, [x[0], x[1], .. new int[]?[x.Length - 2]]);
    }
}

/// <summary>Resize: axes that keep their extent keep their marks.</summary>
internal sealed class ResizeRule : ChannelRule
{
    public override Dictionary<int, double> Constants(NodeConstants node) => [];

    public override void Follow(NodeFlow flow)
    {
        if (
            flow.OutputShape() is not { } y
            || flow.Input(0) is not { } x
            || flow.Shape(1) is { Rank: 1 } roi && roi[0] != 0
        )
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
        if (cut.Integers(3) is not { Length: > 0 } sizes)
            return [cut.Node];
        var named = cut.Node.Operator.Attributes.Ints("axes");
        for (int i = 0; i < sizes.Length; i++)
        {
            int axis = named.IsEmpty ? i : cut.Shape(0).Axis(named[i]);
            if (cut.Kept(cut.Node.Outputs[0], axis) is { } kept)
                sizes[i] = kept.Length;
        }
        return [cut.Set(cut.Node, 3, sizes)];
    }
}
