using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Data;

/// <summary>Examples as a network took them, and what it made of them.</summary>
internal sealed record MadeBatch(FedBatch Batch, IReadOnlyList<Tensor> Outputs);

/// <summary>
/// A network run over all examples of a source. Where the source has states it is a closed loop: each example gets the
/// states that this network made of the one before, the first of each sequence those of the source.
/// </summary>
/// <param name="network">The network.</param>
/// <param name="executor">Runs it.</param>
/// <param name="feed">Its inputs.</param>
internal sealed class NetworkPass(Network network, IExecutor executor, NetworkFeed feed)
{
    // Sequences side by side; what is made of them is held until all of them have ended.
    private const int MostTogether = 16;

    private readonly ImmutableArray<FedState> states = [.. feed.Data.States.Select(s => FedState.Of(network, s))];

    /// <summary>
    /// What the network makes of all examples: those of sequences in the source's order, whether they ran side by side
    /// or not.
    /// </summary>
    /// <param name="size">The most examples a batch.</param>
    /// <param name="cancellation">Looked at before each batch.</param>
    /// <exception cref="DataException">The network does not make its own states.</exception>
    public IEnumerable<MadeBatch> Batches(int size, CancellationToken cancellation = default) =>
        states.IsEmpty
            ? feed.Batches(size, cancellation).Select(b => new MadeBatch(b, executor.Run(b.Inputs, cancellation)))
            : Sequence.Of(feed.Data).Chunk(Together(size)).SelectMany(some => Made(some, size, cancellation));

    private int Together(int size) =>
        feed.FixedBatch > 0 || !feed.Data.Lengths.IsEmpty ? 1 : Math.Clamp(feed.SizeOf(size), 1, MostTogether);

    private IEnumerable<MadeBatch> Made(Sequence[] some, int size, CancellationToken cancellation) =>
        some.Length == 1 ? Steps(some, cancellation) : InOrder(some, size, cancellation);

    private IEnumerable<MadeBatch> InOrder(Sequence[] some, int size, CancellationToken cancellation)
    {
        var made = new Dictionary<int, Tensor[]>();
        foreach (MadeBatch step in Steps([.. some.OrderByDescending(s => s.Count)], cancellation))
            for (int row = 0; row < step.Batch.Count; row++)
                made[step.Batch.Indices[row]] = RowOf(step, row);
        FedBatch? batch = null;
        foreach (int[] indices in some.SelectMany(s => s.Examples).Chunk(feed.SizeOf(size)))
        {
            cancellation.ThrowIfCancellationRequested();
            batch = feed.Read(indices, batch);
            yield return new MadeBatch(
                batch,
                [.. network.Outputs.Select((o, i) => Rows.Join(o.Name, [.. indices.Select(e => made[e][i])]))]
            );
        }
    }

    /// <summary>The sequences' first examples together, then their second ones, and so on.</summary>
    /// <param name="sequences">From long to short, so that those that have ended are the last rows.</param>
    /// <param name="cancellation">Looked at before each step.</param>
    private IEnumerable<MadeBatch> Steps(Sequence[] sequences, CancellationToken cancellation)
    {
        MadeBatch? last = null;
        for (int step = 0; step < sequences[0].Count; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            int[] indices = [.. sequences.TakeWhile(s => step < s.Count).Select(s => s.First + step)];
            FedBatch batch = feed.Read(indices, last?.Batch);
            if (last is not null)
                foreach (FedState state in states)
                    state.FeedBack(last, batch);
            last = new MadeBatch(batch, executor.Run(batch.Inputs, cancellation));
            yield return last;
        }
    }

    private Tensor[] RowOf(MadeBatch step, int row) =>
        [.. LearningTask.RowsOf(network, step.Outputs, step.Batch).Select(o => Rows.Take(o, [row]))];
}
