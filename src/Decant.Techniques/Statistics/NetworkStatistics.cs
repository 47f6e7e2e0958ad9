using System.Collections.Immutable;
using Decant.Core;
using Decant.Data;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.Statistics;

/// <summary>Statistics of a network's values, by name.</summary>
/// <param name="values">They.</param>
public sealed class NetworkStatistics(ImmutableSortedDictionary<string, ValueStatistics> values)
{
    /// <summary>Images that are shown at a time.</summary>
    public const int Batch = 4;

    /// <summary>By the value's name.</summary>
    public ImmutableSortedDictionary<string, ValueStatistics> Values => values;

    /// <summary>
    /// Shows a network images, and gathers statistics of some of its values; memory grows with neither.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="names">Which values: inputs, or outputs of nodes, of floats.</param>
    /// <param name="data">The images.</param>
    /// <param name="preprocessing">The pixel arithmetic.</param>
    /// <param name="progress">Told how much is done, of one.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="DataException">The images do not fit the network.</exception>
    /// <exception cref="ModelException">A value is not finite; it is named.</exception>
    public static NetworkStatistics Of(
        Network network,
        IEnumerable<string> names,
        IDataSource data,
        Preprocessing preprocessing,
        Action<double>? progress = null,
        CancellationToken cancellation = default
    )
    {
        var collectors = new SortedDictionary<string, StatisticsCollector?>(
            names.ToDictionary(n => n, _ => (StatisticsCollector?)null),
            StringComparer.Ordinal
        );
        string[] order = [.. collectors.Keys];
        new DatasetPass(network, data, preprocessing, Batch).Forward(
            step =>
            {
                foreach (string name in order)
                    collectors[name] = Add(collectors[name], name, step.Network.Value(name));
                progress?.Invoke((step.Step + 1.0) / step.Steps);
            },
            cancellation
        );
        return new NetworkStatistics(
            collectors.ToImmutableSortedDictionary(c => c.Key, c => c.Value!.ToStatistics(), StringComparer.Ordinal)
        );
    }

    /// <summary>The statistics of one value.</summary>
    /// <exception cref="ModelException">There are none.</exception>
    public ValueStatistics this[string name] =>
        values.TryGetValue(name, out ValueStatistics? found)
            ? found
            : throw new ModelException($"there are no statistics of value '{name}'; gather them anew");

    private static StatisticsCollector Add(StatisticsCollector? collector, string name, TorchTensor value)
    {
        using var scope = new TorchScope();
        TorchTensor plain = value.To(LibTorch.Processor).Contiguous();
        int images = (int)plain.Size(0),
            size = (int)(plain.ElementCount / Math.Max(1, images));
        collector ??= new StatisticsCollector(
            new Shape([.. Enumerable.Range(1, plain.Rank - 1).Select(i => (int)plain.Size(i))])
        );
        try
        {
            for (int i = 0; i < images; i++)
                collector.Add(plain.AsSpan<float>().Slice(i * size, size));
        }
        catch (ModelException e)
        {
            throw new ModelException($"value '{name}': {e.Message}", e);
        }
        return collector;
    }
}
