using Decant.Core.Operators;

namespace Decant.Core.Channels.Rules;

/// <summary>Transposed convolution without groups; with groups, nothing is cut.</summary>
internal sealed class ConvTransposeRule : ChannelRule
{
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
        if (flow.Has(2)) flow.Join(made, flow.Input(2)![0]);
        flow.Role(2, 0, ChannelRole.Producer);
        flow.Output(0, [null, made, .. new int[]?[x.Length - 2]]);
    }
}
