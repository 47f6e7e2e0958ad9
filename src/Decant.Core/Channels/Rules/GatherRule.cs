using Decant.Core.Channels.Constants;
using Decant.Core.Operators;

namespace Decant.Core.Channels.Rules;

/// <summary>
/// Gather: constant indices take some of the marks along the axis; along the others of a weight (an embedding) it makes
/// channels.
/// </summary>
internal sealed class GatherRule : ChannelRule
{
    public override Dictionary<int, double> Constants(NodeConstants node) => ConstantRules.Pass(node);

    public override void Follow(NodeFlow flow)
    {
        if (flow.Input(0) is not { } x || flow.Shape(1) is not { } indices)
        {
            flow.Stop();
            return;
        }
        int at = flow.Shape(0)!.Value.Axis(((Gather)flow.Node.Operator).Axis);
        int[]?[] places = new int[]?[indices.Rank];
        if (indices.Rank == 1 && x[at] is { } marks && flow.Integers(1) is { } taken)
            places[0] = [.. taken.Select(i => marks[i < 0 ? i + marks.Length : i])];
        else
            flow.Fix(x[at]);
        for (int axis = 0; axis < x.Length; axis++)
            if (axis != at)
                flow.Source(0, axis);
        flow.Output(0, [.. x[..at], .. places, .. x[(at + 1)..]]);
    }

    public override IEnumerable<Node> Thin(NodeCut cut)
    {
        int at = cut.Shape(0).Axis(((Gather)cut.Node.Operator).Axis);
        if (cut.Kept(cut.Node.Inputs[0], at) is not { } kept)
            return [cut.Node];
        int extent = cut.Shape(0)[at];
        return
        [
            cut.Set(
                cut.Node,
                1,
                cut.Integers(1)!
                    .Select(i => (long)Array.IndexOf(kept, (int)(i < 0 ? i + extent : i)))
                    .Where(i => i >= 0)
            ),
        ];
    }
}
