namespace Decant.Core.Channels.Rules;

/// <summary>Shape: axes whose extent is read cannot be cut.</summary>
internal sealed class ShapeRule : ChannelRule
{
    public override void Follow(NodeFlow flow)
    {
        if (flow.Input(0) is not { } x)
        {
            flow.Stop();
            return;
        }
        var (first, count) = ((Operators.Inspection.Shape)flow.Node.Operator).Range(x.Length);
        flow.Fix(x, axis => axis >= first && axis < first + count);
        flow.Output(0, [null]);
    }
}
