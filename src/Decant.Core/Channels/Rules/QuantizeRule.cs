namespace Decant.Core.Channels.Rules;

/// <summary>QuantizeLinear and DequantizeLinear with one scale for all; with more, nothing is cut.</summary>
internal sealed class QuantizeRule : ChannelRule
{
    public override void Follow(NodeFlow flow)
    {
        if (flow.Shape(1) is { IsKnown: true, Count: 1 }) flow.Output(0, flow.Input(0));
        else flow.Stop();
    }
}
