using Decant.Core.Operators;

namespace Decant.Core.Channels.Rules;

/// <summary>Normalizations of each channel by itself: BatchNormalization and InstanceNormalization.</summary>
internal sealed class NormRule : ChannelRule
{
    public override void Follow(NodeFlow flow)
    {
        if (flow.Input(0) is not { Length: > 1 } x || flow.Node.Operator is BatchNormalization { TrainingMode: true })
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
