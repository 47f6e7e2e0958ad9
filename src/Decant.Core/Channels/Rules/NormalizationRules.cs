using Decant.Core.Channels.Constants;
using Decant.Core.Operators;

namespace Decant.Core.Channels.Rules;

/// <summary>Normalizations of each channel by itself: BatchNormalization and InstanceNormalization.</summary>
internal sealed class NormRule(Func<NodeConstants, Dictionary<int, double>> constants) : ChannelRule
{
    public override Dictionary<int, double> Constants(NodeConstants node) => constants(node);

    public override void Follow(NodeFlow flow)
    {
        if (flow.Input(0) is not { Length: > 1 } x)
        {
            flow.Stop();
            return;
        }
        for (int i = 1; i < flow.Node.Inputs.Length; i++)
        {
            flow.Join(x[1], flow.Input(i) is [var marks] ? marks : null);
            flow.Role(i, 0, i < 3 ? ChannelRole.Producer : ChannelRole.Companion);
        }
        flow.Output(0, x);
    }
}

/// <summary>
/// Normalizations by the statistics of several channels: without one the others would have other statistics, so none
/// can be pruned.
/// </summary>
/// <param name="isNormalized">Whether an axis, of a shape, is one that statistics are taken over.</param>
internal sealed class SharedNormRule(Func<Shape, int, bool> isNormalized) : ChannelRule
{
    public override Dictionary<int, double> Constants(NodeConstants node) => [];

    public override void Follow(NodeFlow flow)
    {
        if (flow.Input(0) is not { Length: > 1 } x || flow.Shape(0) is not { } shape)
        {
            flow.Stop();
            return;
        }
        flow.Fix(x, axis => isNormalized(shape, axis));
        for (int i = 1; i < flow.Node.Inputs.Length; i++)
            if (flow.Input(i) is { } parameter)
                flow.Fix(parameter, _ => true);
        flow.Output(0, x);
        for (int i = 1; i < flow.Node.Outputs.Length; i++)
            flow.Output(i, flow.OutputShape(i) is { } s ? new int[]?[s.Rank] : null);
    }
}

/// <summary>Softmax and LogSoftmax: every number of the axis counts for every other, so none can be pruned.</summary>
internal sealed class SoftmaxRule(int axis) : ChannelRule
{
    public override Dictionary<int, double> Constants(NodeConstants node) => [];

    public override void Follow(NodeFlow flow)
    {
        if (flow.Input(0) is not { } x)
        {
            flow.Stop();
            return;
        }
        flow.Fix(x[flow.Shape(0)!.Value.Axis(axis)]);
        flow.Output(0, x);
    }
}

/// <summary>Reductions: axes that are reduced cannot be pruned, the others stay.</summary>
internal sealed class ReduceRule(Func<NodeConstants, Dictionary<int, double>> constants) : ChannelRule
{
    public override Dictionary<int, double> Constants(NodeConstants node) => constants(node);

    public override void Follow(NodeFlow flow)
    {
        if (flow.OutputShape() is null || flow.Input(0) is not { } x)
        {
            flow.Stop();
            return;
        }
        var reduction = (Reduction)flow.Node.Operator;
        bool[] reduced = reduction.Axes(flow.Shape(0)!.Value, flow.Integers(1));
        flow.Fix(x, axis => reduced[axis]);
        flow.Output(
            0,
            reduction.KeepDims
                ? [.. x.Select((marks, axis) => reduced[axis] ? null : marks)]
                : [.. x.Where((_, axis) => !reduced[axis])]
        );
    }
}
