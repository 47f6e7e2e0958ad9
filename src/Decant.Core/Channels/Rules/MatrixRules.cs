using Decant.Core.Channels.Constants;
using Decant.Core.Operators;

namespace Decant.Core.Channels.Rules;

/// <summary>Gemm: the result's columns are channels, and so are its rows where A is a weight.</summary>
internal sealed class GemmRule : ChannelRule
{
    public override Dictionary<int, double> Constants(NodeConstants node) => LinearConstants.Gemm(node);

    public override void Follow(NodeFlow flow)
    {
        var gemm = (Gemm)flow.Node.Operator;
        if (flow.Input(0) is not { } || flow.Input(1) is not { } || (flow.Has(2) && flow.Input(2) is null))
        {
            flow.Stop();
            return;
        }
        int[]?[] y = ProductRule.Follow(
            flow,
            (gemm.TransA ? 1 : 0, gemm.TransA ? 0 : 1),
            (gemm.TransB ? 1 : 0, gemm.TransB ? 0 : 1)
        );
        if (flow.Has(2))
            Add(flow, y);
        flow.Output(0, y);
    }

    private static void Add(NodeFlow flow, int[]?[] y)
    {
        int[]?[] c = flow.Input(2)!;
        for (int axis = 1; axis <= c.Length; axis++)
        {
            if (flow.Shape(2)!.Value[-axis] == 1)
                continue;
            flow.Join(y[^axis], c[^axis]);
            flow.Role(2, c.Length - axis, ChannelRole.Producer);
        }
    }
}

/// <summary>
/// MatMul of matrices, or of stacks of them. Matrices of a stack are channels where neither operand is a weight, as
/// heads are.
/// </summary>
internal sealed class MatMulRule : ChannelRule
{
    public override Dictionary<int, double> Constants(NodeConstants node) => LinearConstants.MatMul(node);

    public override void Follow(NodeFlow flow)
    {
        if (flow.Input(0) is not { Length: > 1 } a || flow.Input(1) is not { Length: > 1 } b)
        {
            flow.Stop();
            return;
        }
        var stacks = new int[]?[Math.Max(a.Length, b.Length) - 2];
        for (int axis = 0; axis < stacks.Length; axis++)
            stacks[axis] = Stack(flow, a, b, stacks.Length - axis + 2);
        int[]?[] y = ProductRule.Follow(flow, (a.Length - 2, a.Length - 1), (b.Length - 2, b.Length - 1));
        flow.Output(0, [.. stacks, .. y]);
    }

    /// <summary>The marks of an axis of the stack, counted from the end.</summary>
    private static int[]? Stack(NodeFlow flow, int[]?[] a, int[]?[] b, int fromEnd)
    {
        int[]? left = fromEnd <= a.Length ? a[^fromEnd] : null,
            right = fromEnd <= b.Length ? b[^fromEnd] : null;
        if (flow.IsWeight(0) || flow.IsWeight(1))
        {
            flow.Fix(left);
            flow.Fix(right);
            return null;
        }
        if (left is not null && IsSingle(flow, 1, fromEnd))
            return left;
        if (right is not null && IsSingle(flow, 0, fromEnd))
            return right;
        flow.Join(left, right);
        return left;
    }

    /// <summary>Whether an operand is the same for every matrix of the other's stack.</summary>
    private static bool IsSingle(NodeFlow flow, int input, int fromEnd) =>
        flow.Shape(input) is { } shape && (fromEnd > shape.Rank || shape[-fromEnd] == 1);
}

/// <summary>
/// What matrix products share: an operand that is a weight reads the other's channels, and makes its own.
/// </summary>
internal static class ProductRule
{
    /// <summary>Follows a product and gives the marks of its rows and columns.</summary>
    /// <param name="flow">The node.</param>
    /// <param name="a">Of the left operand: the axis of the result's rows, and that which is summed over.</param>
    /// <param name="b">Of the right operand: that which is summed over, and the axis of the result's columns.</param>
    public static int[]?[] Follow(NodeFlow flow, (int Rows, int Inner) a, (int Inner, int Columns) b)
    {
        if (flow.IsWeight(1))
            flow.Read(0, a.Inner, 1, b.Inner);
        else if (flow.IsWeight(0))
            flow.Read(1, b.Inner, 0, a.Inner);
        else
            flow.Multiply(0, a.Inner, 1, b.Inner);
        return [flow.Source(0, a.Rows), flow.Source(1, b.Columns)];
    }
}
