namespace Decant.Core.Channels.Rules;

/// <summary>Operators whose outputs have the places of input 0: functions of one number. Other inputs are settings.</summary>
internal sealed class SameRule : ChannelRule
{
    public override void Follow(NodeFlow flow)
    {
        for (int i = 0; i < flow.Node.Outputs.Length; i++) flow.Output(i, flow.Input(0));
    }
}
