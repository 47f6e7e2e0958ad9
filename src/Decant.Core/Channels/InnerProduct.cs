using Decant.Core.Channels.Constants;

namespace Decant.Core.Channels;

/// <summary>
/// Where channels of two computed values are multiplied one by one and summed over, as those of queries and keys are.
/// No weight reads them there, so a channel can only be pruned if it is zero once the weights that make it are.
/// </summary>
/// <param name="Node">The product.</param>
/// <param name="Left">One value.</param>
/// <param name="Right">The other.</param>
/// <param name="Marks">The marks of the channels, the same in both.</param>
internal sealed record InnerProduct(Node Node, string Left, string Right, int[] Marks)
{
    /// <summary>Fixes the channels of all products that would not be zero if they were masked.</summary>
    public static void FixOpen(ChannelFlow flow)
    {
        ChannelUnionFind channels = flow.UnionFind;
        HashSet<int> asked =
        [
            .. flow
                .InnerProducts.SelectMany(p => p.Marks)
                .Select(channels.Root)
                .Where(r => channels.FixedBy(r) is null),
        ];
        if (asked.Count == 0)
            return;
        var values = new ConstantValues(flow, asked);
        foreach (InnerProduct product in flow.InnerProducts)
        foreach (int root in product.Marks.Select(channels.Root).Distinct())
            if (asked.Contains(root) && values.Of(product.Left, root) != 0 && values.Of(product.Right, root) != 0)
                channels.Fix(root, product.Node.ToString());
    }
}
