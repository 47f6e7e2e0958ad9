namespace Decant.Core.Channels.Rules;

/// <summary>Reductions: axes that are reduced cannot be cut, the others stay.</summary>
internal sealed class ReduceRule : ChannelRule
{
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
        flow.Output(0, reduction.KeepDims ? [.. x.Select((marks, axis) => reduced[axis] ? null : marks)] : [.. x.Where((_, axis) => !reduced[axis])]);
    }
}
