namespace Decant.Core.Channels.Rules;

/// <summary>An operator without a rule: what it reads and makes is never cut.</summary>
internal sealed class UnknownRule : ChannelRule
{
    public override void Follow(NodeFlow flow) => flow.Stop();
}
