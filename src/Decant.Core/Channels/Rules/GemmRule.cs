using Decant.Core.Operators;

namespace Decant.Core.Channels.Rules;

/// <summary>Gemm: the result's columns are channels, and so are its rows where A is a weight.</summary>
internal sealed class GemmRule : ChannelRule
{
    public override void Follow(NodeFlow flow)
    {
        var gemm = (Gemm)flow.Node.Operator;
        if (flow.Input(0) is not { } || flow.Input(1) is not { } || (flow.Has(2) && flow.Input(2) is null))
        {
            flow.Stop();
            return;
        }
        int[]?[] y = ProductRule.Follow(flow, (gemm.TransA ? 1 : 0, gemm.TransA ? 0 : 1), (gemm.TransB ? 1 : 0, gemm.TransB ? 0 : 1));
        if (flow.Has(2)) Add(flow, y);
        flow.Output(0, y);
    }

    private static void Add(NodeFlow flow, int[]?[] y)
    {
        int[]?[] c = flow.Input(2)!;
        for (int axis = 1; axis <= c.Length; axis++)
        {
            if (flow.Shape(2)!.Value[-axis] == 1) continue;
            flow.Join(y[^axis], c[^axis]);
            flow.Role(2, c.Length - axis, ChannelRole.Producer);
        }
    }
}
