using System.Collections.Immutable;
using Decant.Core;
using Decant.Data;

namespace Decant.Techniques.Statistics;

/// <summary>Distributions of a network's activations, by name.</summary>
/// <param name="values">They.</param>
public sealed class NetworkStatistics(ImmutableSortedDictionary<string, ValueStatistics> values)
{
    /// <summary>By the activation's name.</summary>
    public ImmutableSortedDictionary<string, ValueStatistics> Values => values;

    /// <summary>Shows a network examples, and collects the distributions of some of its activations.</summary>
    /// <param name="network">The network.</param>
    /// <param name="names">Which activations: inputs, or outputs of nodes, of floats.</param>
    /// <param name="samples">How many examples are looked at.</param>
    /// <param name="data">The examples.</param>
    /// <param name="preprocessing">What is done to pixels.</param>
    /// <param name="seed">Decides which examples.</param>
    /// <param name="threads">The most threads, 0 for one a processor; results do not depend on it.</param>
    /// <param name="progress">Told how much is done, of one.</param>
    /// <param name="cancellation">Stops, between layers.</param>
    /// <exception cref="DataException">The examples do not fit the network.</exception>
    /// <exception cref="ModelException">An activation is not finite; it is named.</exception>
    public static NetworkStatistics Collect(
        Network network,
        IEnumerable<string> names,
        int samples,
        IDataSource data,
        Preprocessing preprocessing,
        ulong seed,
        int threads = 0,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default
    )
    {
        DistributionRequest[] requests = [.. names.Select(n => new DistributionRequest(n, samples))];
        var collected = CollectedStatistics.Collect(
            network,
            requests,
            data,
            preprocessing,
            seed,
            threads,
            progress,
            cancellation
        );
        return new NetworkStatistics(
            requests.ToImmutableSortedDictionary(r => r.Activation, r => collected.Find(r)!, StringComparer.Ordinal)
        );
    }

    /// <summary>The distribution of one activation.</summary>
    /// <exception cref="ModelException">There is none.</exception>
    public ValueStatistics this[string name] =>
        values.TryGetValue(name, out ValueStatistics? found)
            ? found
            : throw new ModelException($"there are no statistics of activation '{name}'; collect them anew");
}
