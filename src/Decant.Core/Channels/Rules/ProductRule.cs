namespace Decant.Core.Channels.Rules;

/// <summary>What matrix products share: an operand that is a weight reads the other's channels, and makes its own.</summary>
internal static class ProductRule
{
    /// <summary>Follows a product and gives the marks of its rows and columns.</summary>
    /// <param name="flow">The node.</param>
    /// <param name="a">Of the left operand: the axis of the result's rows, and that which is summed over.</param>
    /// <param name="b">Of the right operand: that which is summed over, and the axis of the result's columns.</param>
    public static int[]?[] Follow(NodeFlow flow, (int Rows, int Inner) a, (int Inner, int Columns) b)
    {
        if (flow.IsWeight(1)) flow.Read(0, a.Inner, 1, b.Inner);
        else if (flow.IsWeight(0)) flow.Read(1, b.Inner, 0, a.Inner);
        else
        {
            flow.Fix(flow.Input(0)![a.Inner]);
            flow.Fix(flow.Input(1)![b.Inner]);
        }
        return [flow.Source(0, a.Rows), flow.Source(1, b.Columns)];
    }
}
