using Decant.Core;
using Decant.Techniques;
using Decant.Techniques.Equalization;
using Decant.Techniques.Folding;
using Decant.Techniques.Statistics;
using Decant.Training.Data;

namespace Decant.Quantization;

/// <summary>Statistics of all float values of a network, batch normalizations folded as quantization folds them.</summary>
public static class NetworkValues
{
    /// <summary>Gathers statistics of the inputs and of what nodes make of them.</summary>
    /// <param name="network">The network.</param>
    /// <param name="images">Images.</param>
    /// <param name="count">How many of them, drawn by seed.</param>
    /// <param name="preprocessing">The pixel arithmetic; null for the network's own, else pixel / 255.</param>
    /// <param name="seed">Decides which images.</param>
    /// <param name="progress">Told how much is done, of one.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="DecantException">The images do not fit the network, or a value is not finite.</exception>
    public static NetworkStatistics Statistics(Network network, Dataset images, int count, Preprocessing? preprocessing, ulong seed = 1, Action<double>? progress = null, CancellationToken cancellation = default)
    {
        Network folded = Folded(network);
        var shapes = NetworkShapes.Of(folded);
        IEnumerable<string> names = folded.Inputs.Select(i => i.Name).Concat(folded.Nodes.SelectMany(n => n.Outputs).Where(o => o.Length > 0))
            .Where(v => shapes[v] is { Type: ElementType.Float32, Shape.Rank: > 1 });
        Dataset chosen = Samples.Of(new TechniqueContext(folded, []) { Data = images, Seed = seed }, count, "'stats'");
        return NetworkStatistics.Of(folded, names, chosen, preprocessing ?? Preprocessings.Of(network), progress, cancellation);
    }

    /// <summary>The network as it is right before numbers are rounded, which computes the same as it did.</summary>
    public static Network Prepared(Network network, QuantizationSettings settings)
    {
        Network folded = Folded(network);
        return settings.Equalizes ? Applied(new CrossLayerEqualization(), folded) : folded;
    }

    /// <summary>The network with a free batch and without batch normalizations that can be folded.</summary>
    internal static Network Folded(Network network)
    {
        return Applied(new BatchNormFolding(), FreedBatch.Of(network));
    }

    private static Network Applied(Technique technique, Network network) => technique.Plan(new TechniqueContext(network, [])).Aggregate(network, (n, change) => change.Apply(n));
}
