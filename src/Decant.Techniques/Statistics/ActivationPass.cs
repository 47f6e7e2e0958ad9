using System.Collections.Immutable;
using Decant.Core;
using Decant.Data;

namespace Decant.Techniques.Statistics;

/// <summary>
/// Shows examples to networks, batch by batch. What it holds does not grow with their number, and what observers see
/// does not depend on the number of threads. Where examples have lengths of their own, a batch holds some of one
/// length, so that nothing is padded that a network takes in any length.
/// </summary>
/// <param name="data">The examples; targets are not looked at.</param>
/// <param name="preprocessing">What is done to pixels.</param>
public sealed class ActivationPass(IDataSource data, Preprocessing preprocessing)
{
    private const int LargestBatch = 16;

    // Activations of a batch take at most so many floats, where one example's do not take more.
    private const long LargestActivations = 1 << 22;

    /// <summary>Which examples are shown, in order; all of them as they lie, unless set.</summary>
    public IReadOnlyList<int>? Examples { get; init; }

    /// <summary>Places in <see cref="Examples"/> where a batch must end, rising.</summary>
    public IReadOnlyList<int> Ends { get; init; } = [];

    /// <summary>Runs every network on each batch in turn.</summary>
    /// <param name="observers">Networks of the same inputs; at least one.</param>
    /// <param name="visit">Called when all have run on a batch, with what was shown.</param>
    /// <param name="progress">Told the share of examples that are done, 0 to 1.</param>
    /// <param name="cancellation">Stops, between layers.</param>
    /// <exception cref="DataException">The examples do not fit the networks.</exception>
    /// <exception cref="ModelException">A node cannot compute what it is given; it is named.</exception>
    public void Run(
        IReadOnlyList<NetworkObserver> observers,
        Action<ShownBatch> visit,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default
    )
    {
        NetworkFeed feed = NetworkFeed.Of(observers[0].Network, data, preprocessing);
        int[] order = Examples is null ? [.. Enumerable.Range(0, data.Count)] : [.. Examples];
        if (order.Length == 0)
            throw new DataException($"data set '{data.Name}' has no example to look at");
        ImmutableArray<int> lengths = data.Lengths;
        if (!lengths.IsEmpty)
            order = ByLength(order, lengths);
        FedBatch batch = feed.Read([lengths.IsEmpty ? order[0] : order.MaxBy(i => lengths[i])]);
        int size = feed.FixedBatch > 0 ? feed.FixedBatch : SizeFor(observers, batch);
        for (int first = 0, count; first < order.Length; first += count)
        {
            cancellation.ThrowIfCancellationRequested();
            count = Math.Min(size, EndAfter(first, order.Length) - first);
            if (!lengths.IsEmpty)
                count = order
                    .AsSpan(first, count)
                    .ToArray()
                    .TakeWhile(i => lengths[i] == lengths[order[first]])
                    .Count();
            batch = feed.Read(order.AsSpan(first, count), batch);
            foreach (NetworkObserver observer in observers)
                observer.Run(batch, cancellation);
            visit(new ShownBatch(first, count));
            progress?.Report((double)(first + count) / order.Length);
        }
    }

    /// <summary>
    /// How many examples a network can be run on several times with bounded work, counted in elements of activations,
    /// as far as shapes tell.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="runs">How often each example is run.</param>
    /// <param name="work">The most elements of all activations of all runs.</param>
    /// <param name="least">The fewest examples, whatever the work.</param>
    /// <param name="most">The most examples.</param>
    /// <exception cref="DataException">The examples do not fit the network, or there are none.</exception>
    public int ExamplesWithin(Network network, int runs, long work, int least, int most)
    {
        if (data.Count == 0)
            throw new DataException($"data set '{data.Name}' has no example to look at");
        long elements = ElementsOf(network, NetworkFeed.Of(network, data, preprocessing).Read([0]));
        return (int)Math.Clamp(work / Math.Max(1, runs * elements), least, most);
    }

    /// <summary>The same order up to each end, but within it from short to long.</summary>
    private int[] ByLength(int[] order, ImmutableArray<int> lengths)
    {
        var sorted = new List<int>(order.Length);
        for (int first = 0, end; first < order.Length; first = end)
        {
            end = EndAfter(first, order.Length);
            sorted.AddRange(order[first..end].OrderBy(i => lengths[i]));
        }
        return [.. sorted];
    }

    private int EndAfter(int first, int all)
    {
        foreach (int end in Ends)
            if (end > first)
                return Math.Min(end, all);
        return all;
    }

    private static int SizeFor(IReadOnlyList<NetworkObserver> observers, FedBatch one)
    {
        long elements = observers.Sum(o => ElementsOf(o.Network, one));
        return (int)Math.Clamp(LargestActivations / Math.Max(1, elements), 1, LargestBatch);
    }

    private static long ElementsOf(Network network, FedBatch one)
    {
        var given = new Network(
            network.Name,
            [
                .. network.Inputs.Select(
                    (v, i) => v with { Type = v.Type with { Shape = one.Inputs[i].Shape.With(0, 1) } }
                ),
            ],
            network.Outputs,
            network.Nodes,
            network.Weights
        );
        var shapes = NetworkShapes.Of(given);
        return given
            .Nodes.SelectMany(n => n.Outputs)
            .Sum(o => shapes[o]?.Shape is { IsKnown: true } shape ? shape.Count : 0);
    }
}

/// <summary>What a pass has shown last.</summary>
/// <param name="First">The place of the batch's first example in the order of the pass, which where examples have
/// lengths of their own is from short to long up to each of its ends.</param>
/// <param name="Count">How many examples it has.</param>
public readonly record struct ShownBatch(int First, int Count);
