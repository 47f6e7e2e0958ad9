namespace Decant.Core.Channels.Rules;

/// <summary>Pooling over windows or over all of an image: channels stay, spatial axes cannot be cut.</summary>
internal sealed class PoolRule : ChannelRule
{
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
