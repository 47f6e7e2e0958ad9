using Decant.Core.Operators;

namespace Decant.Core.Channels.Rules;

/// <summary>Softmax and LogSoftmax: every number of the axis counts for every other, so none can be cut.</summary>
internal sealed class SoftmaxRule : ChannelRule
{
    public override void Follow(NodeFlow flow)
    {
        if (flow.Input(0) is not { } x)
        {
            flow.Stop();
            return;
        }
        flow.Fix(x[flow.Shape(0)!.Value.Axis(flow.Node.Operator is Softmax s ? s.Axis : ((LogSoftmax)flow.Node.Operator).Axis)]);
        flow.Output(0, x);
    }
}
