using Decant.Core.Channels.Constants;

namespace Decant.Core.Channels.Rules;

/// <summary>
/// RNN, GRU and LSTM: a unit is a channel; it has a row of W, R and B in every gate, a column of R, and stands in both
/// directions.
/// </summary>
internal sealed class RecurrentRule : ChannelRule
{
    public override Dictionary<int, double> Constants(NodeConstants node) => RecurrentConstants.Of(node);

    private const int W = 1,
        R = 2,
        B = 3,
        FirstHidden = 5,
        FirstCell = 6,
        Peepholes = 7;

    public override void Follow(NodeFlow flow)
    {
        if (
            !flow.IsWeight(W)
            || !flow.IsWeight(R)
            || flow.Input(0) is not { Length: 3 } x
            || flow.Input(R) is not [_, _, { } units]
        )
        {
            flow.Stop();
            return;
        }
        flow.Fix(x, axis => axis < 2);
        flow.Read(0, 2, W, 2);
        Gates(flow, W, units, ChannelRole.Producer);
        Gates(flow, R, units, ChannelRole.Producer);
        flow.ReadsOwn(R, 2);
        Gates(flow, B, units, ChannelRole.Producer);
        Gates(flow, Peepholes, units, ChannelRole.Companion);
        foreach (int state in new[] { FirstHidden, FirstCell })
            State(flow, state, units);
        flow.Source(R, 2);
        for (int i = 0; i < flow.Node.Outputs.Length; i++)
            flow.Output(i, [.. new int[]?[i == 0 ? 3 : 2], units]);
    }

    public override IEnumerable<Node> Thin(NodeCut cut) =>
        [
            cut.Node.Operator.Attributes.Has("hidden_size") && cut.Kept(cut.Node.Inputs[R], 2) is { } kept
                ? cut.With("hidden_size", (long)kept.Length)
                : cut.Node,
        ];

    /// <summary>Joins the rows of an input, gate after gate, with the units.</summary>
    private static void Gates(NodeFlow flow, int input, int[] units, ChannelRole role)
    {
        if (!flow.Has(input))
            return;
        int[]? rows = flow.Input(input) is { Length: > 1 } layout ? layout[1] : null;
        if (rows is null || !flow.IsWeight(input))
        {
            flow.Fix(units);
            flow.Fix(rows);
            return;
        }
        for (int i = 0; i < rows.Length; i++)
            flow.Join(rows[i], units[i % units.Length]);
        flow.Role(input, 1, role);
    }

    private static void State(NodeFlow flow, int input, int[] units)
    {
        if (!flow.Has(input))
            return;
        flow.Join(units, flow.Input(input) is [_, _, { } last] ? last : null);
        flow.Role(input, 2, ChannelRole.Producer);
    }
}
