using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Data;

/// <summary>
/// A number that says how well a network does, gathered batch by batch. An instance measures one network once.
/// </summary>
public interface IMetric
{
    /// <summary>Its name, such as top-1.</summary>
    string Name { get; }

    /// <summary>Its unit: % for shares from 0 to 1, which are shown times 100; dB; or empty.</summary>
    string Unit { get; }

    /// <summary>Which values are better.</summary>
    MetricDirection Direction { get; }

    /// <summary>Takes a batch into account.</summary>
    void Add(ScoredBatch batch);

    /// <summary>The value over all batches so far.</summary>
    double Value { get; }
}

/// <summary>What a network made of a batch, and what it should have made.</summary>
/// <param name="Count">How many examples.</param>
/// <param name="Outputs">The network's outputs in their order; rows from <paramref name="Count"/> on are to be
/// left.</param>
/// <param name="Targets">The source's targets in their order.</param>
public sealed record ScoredBatch(int Count, IReadOnlyList<Tensor> Outputs, ImmutableArray<Tensor> Targets)
{
    /// <summary>
    /// The inputs' mask, integers of Count×positions: 0 for positions that only pad an example, and so do those beyond
    /// its end. Null where inputs have none.
    /// </summary>
    public Tensor? Mask { get; init; }

    /// <summary>What the source says of its targets.</summary>
    internal ImmutableArray<DataField> TargetFields { get; init; } = [];
}
