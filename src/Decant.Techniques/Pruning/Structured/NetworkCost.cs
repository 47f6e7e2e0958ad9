using Decant.Core;

namespace Decant.Techniques.Pruning;

/// <summary>What a network costs.</summary>
internal static class NetworkCost
{
    /// <summary>Counts a network for one image.</summary>
    public static long Of(Network network, CutMeasure measure) => measure == CutMeasure.Parameters ? Parameters(network) : Macs(network);

    /// <summary>Multiply-accumulates for one image.</summary>
    public static long Macs(Network network)
    {
        NetworkShapes shapes = NetworkShapes.Of(network, batch: 1);
        return network.Nodes.Sum(shapes.Macs);
    }

    /// <summary>Trainable numbers.</summary>
    public static long Parameters(Network network) => network.Weights.Where(w => w.IsTrainable).Sum(w => (long)w.Encoding.Count);
}
