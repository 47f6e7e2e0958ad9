using Decant.Core;
using Decant.Data;

namespace Decant.Techniques.Statistics;

/// <summary>
/// Statistics that a technique needs of activations: what is observed, on how many examples. Requests that are equal
/// are collected once.
/// </summary>
/// <param name="Samples">How many training examples are looked at, drawn by the run's seed; all if there are
/// fewer.</param>
public abstract record StatisticsRequest(int Samples)
{
    /// <summary>The names of the activations that are observed.</summary>
    /// <exception cref="ModelException">The network lacks one; it is named.</exception>
    public abstract IEnumerable<string> ActivationsOf(Network network);

    /// <summary>Makes what collects them, for one pass.</summary>
    internal abstract ICollection Begin(Network network);

    /// <summary>Statistics in the making.</summary>
    internal interface ICollection
    {
        /// <summary>Takes a batch in; what the observer shows is valid until it returns.</summary>
        void Observe(NetworkObserver network, CancellationToken cancellation);

        /// <summary>The statistics of all batches.</summary>
        object Finish(CancellationToken cancellation);
    }
}

/// <summary>A request whose statistics are of a type.</summary>
/// <param name="Samples">As for <see cref="StatisticsRequest"/>.</param>
public abstract record StatisticsRequest<T>(int Samples) : StatisticsRequest(Samples)
    where T : notnull
{
    /// <summary>Makes what collects the statistics of a network.</summary>
    protected abstract StatisticsCollection<T> Collect(Network network);

    internal sealed override ICollection Begin(Network network) => Collect(network);
}

/// <summary>Statistics in the making: sees each batch once, in order.</summary>
public abstract class StatisticsCollection<T> : StatisticsRequest.ICollection
    where T : notnull
{
    /// <summary>Takes a batch in; what the observer shows is valid until it returns.</summary>
    /// <exception cref="ModelException">An activation cannot be taken in; it is named.</exception>
    public abstract void Observe(NetworkObserver network, CancellationToken cancellation);

    /// <summary>The statistics of all batches.</summary>
    public abstract T Finish(CancellationToken cancellation);

    object StatisticsRequest.ICollection.Finish(CancellationToken cancellation) => Finish(cancellation);
}

/// <summary>Statistics of one network, by request.</summary>
public sealed class CollectedStatistics
{
    private readonly Dictionary<StatisticsRequest, object> found = [];

    private CollectedStatistics() { }

    /// <summary>Collects all requests in one pass over the examples.</summary>
    /// <param name="network">The network.</param>
    /// <param name="requests">What to collect; each looks at the first of one order of the examples.</param>
    /// <param name="data">The examples.</param>
    /// <param name="preprocessing">What is done to pixels.</param>
    /// <param name="seed">Decides the order.</param>
    /// <param name="threads">The most threads, 0 for one a processor; results do not depend on it.</param>
    /// <param name="progress">Told the share that is done, 0 to 1.</param>
    /// <param name="cancellation">Stops, between layers.</param>
    /// <exception cref="DataException">The examples do not fit the network.</exception>
    /// <exception cref="ModelException">An activation does not exist or cannot be taken in; it is named.</exception>
    public static CollectedStatistics Collect(
        Network network,
        IEnumerable<StatisticsRequest> requests,
        IDataSource data,
        Preprocessing preprocessing,
        ulong seed,
        int threads = 0,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default
    )
    {
        StatisticsRequest[] wanted = [.. requests.Distinct()];
        var collected = new CollectedStatistics();
        if (wanted.Length == 0)
            return collected;
        StatisticsRequest.ICollection[] collections = [.. wanted.Select(r => r.Begin(network))];
        using var observer = new NetworkObserver(network, wanted.SelectMany(r => r.ActivationsOf(network)), threads);
        new ActivationPass(data, preprocessing)
        {
            Examples = Samples.Order(data.Count, wanted.Max(r => r.Samples), seed),
            Ends = [.. wanted.Select(r => r.Samples).Distinct().Order()],
        }.Run(
            [observer],
            batch =>
            {
                for (int i = 0; i < wanted.Length; i++)
                    if (batch.First < wanted[i].Samples)
                        collections[i].Observe(observer, cancellation);
            },
            progress,
            cancellation
        );
        for (int i = 0; i < wanted.Length; i++)
            collected.found[wanted[i]] = collections[i].Finish(cancellation);
        return collected;
    }

    /// <summary>The statistics of a request; null if they were not collected.</summary>
    public T? Find<T>(StatisticsRequest<T> request)
        where T : class => found.TryGetValue(request, out object? statistics) ? (T)statistics : null;

    /// <summary>Whether a request was collected.</summary>
    public bool Has(StatisticsRequest request) => found.ContainsKey(request);
}
