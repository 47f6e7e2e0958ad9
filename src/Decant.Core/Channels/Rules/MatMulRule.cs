namespace Decant.Core.Channels.Rules;

/// <summary>MatMul of matrices, or of stacks of them: axes before the last two are never cut.</summary>
internal sealed class MatMulRule : ChannelRule
{
    public override void Follow(NodeFlow flow)
    {
        if (flow.Input(0) is not { Length: > 1 } a || flow.Input(1) is not { Length: > 1 } b)
        {
            flow.Stop();
            return;
        }
        flow.Fix(a, axis => axis < a.Length - 2);
        flow.Fix(b, axis => axis < b.Length - 2);
        int[]?[] y = ProductRule.Follow(flow, (a.Length - 2, a.Length - 1), (b.Length - 2, b.Length - 1));
        flow.Output(0, [.. new int[]?[Math.Max(a.Length, b.Length) - 2], .. y]);
    }
}
