using Decant.Core.Operators;

namespace Decant.Core.Channels.Rules;

/// <summary>Transpose: axes change places.</summary>
internal sealed class TransposeRule : ChannelRule
{
    public override void Follow(NodeFlow flow)
    {
        if (flow.Input(0) is { } x) flow.Output(0, [.. ((Transpose)flow.Node.Operator).Order(x.Length).Select(axis => x[axis])]);
        else flow.Stop();
    }
}
