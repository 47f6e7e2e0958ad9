using System.Collections.Immutable;
using Decant.Core;
using Decant.Data;
using Decant.Torch;

namespace Decant.Training;

/// <summary>The one batch that a loop works on, refilled from a source. What it gives belongs to the scope.</summary>
internal abstract class TrainingBatches
{
    /// <summary>Batches in an epoch.</summary>
    public abstract int Batches { get; }

    /// <summary>Examples in the batch now.</summary>
    public int Count { get; protected set; }

    /// <summary>The network's inputs, in their order.</summary>
    public abstract TorchTensor[] ToInputs();

    /// <summary>The target of the batch; null where the source has none.</summary>
    public abstract TorchTensor? ToTargets();

    /// <summary>The mask of positions; null where examples are not padded.</summary>
    public virtual TorchTensor? ToMask() => null;

    /// <summary>Turns to an epoch, any epoch.</summary>
    public abstract void BeginEpoch(int epoch);

    /// <summary>Fills the batch.</summary>
    public abstract void Fill(int batch, CancellationToken cancellation);

    /// <summary>Mixes each example with that of the same place from the end; see <see cref="MixUp"/>.</summary>
    public virtual void Mix(double share) => throw new DataException("mix-up needs labelled images");

    /// <summary>The classes of the examples that each was mixed with.</summary>
    public virtual TorchTensor ToOtherTargets() => throw new DataException("mix-up needs labelled images");

    /// <summary>The batches of a source, as a network takes them.</summary>
    /// <exception cref="DataException">The source does not fit the network, or augmentation it.</exception>
    public static TrainingBatches Of(
        Network network,
        IDataSource data,
        Preprocessing preprocessing,
        BatchOptions options
    )
    {
        // Whatever the source is, what does not fit is said alike.
        NetworkFeed feed = NetworkFeed.Of(network, data, preprocessing);
        return data is LabelledImages images && feed.FixedBatch == 0
            ? new ImageBatches(new BatchSource(images, preprocessing, options), network.Inputs[0].Type.Shape)
            : new FeedBatches(feed, options);
    }
}

/// <summary>Batches of labelled images, augmented; no batch costs an allocation of its pixels.</summary>
internal sealed class ImageBatches : TrainingBatches
{
    private readonly BatchSource source;
    private readonly float[] images;
    private readonly long[] labels;
    private readonly long[] sizes;

    /// <summary>Makes room for a full batch.</summary>
    /// <param name="source">Where batches come from.</param>
    /// <param name="input">The shape that the network's input takes; the images' own if null.</param>
    public ImageBatches(BatchSource source, Shape? input)
    {
        this.source = source;
        Shape image = source.Data.ImageShape;
        sizes =
            input is { } x && x.Rank != image.Rank + 1
                ? x.Rank == 2
                    ? [0, image.Count]
                    : [0, image[1], image[2]]
                : [0, .. Operators.Shapes.Sizes(image)];
        (images, labels) = (new float[source.BatchSize * image.Count], new long[source.BatchSize]);
    }

    public override int Batches => source.Batches;

    private Span<float> Filled => images.AsSpan(0, Count * source.Data.ImageSize);

    public override void BeginEpoch(int epoch) => source.BeginEpoch(epoch);

    public override void Fill(int batch, CancellationToken cancellation) =>
        Count = source.Fill(batch, images, labels, cancellation);

    public override TorchTensor[] ToInputs()
    {
        sizes[0] = Count;
        return [TorchTensor.From<float>(Filled, sizes)];
    }

    public override TorchTensor ToTargets() => TorchTensor.From<long>(labels.AsSpan(0, Count), Count);

    public override void Mix(double share) => MixUp.Mix(Filled, Count, share);

    public override TorchTensor ToOtherTargets()
    {
        long[] other = labels.AsSpan(0, Count).ToArray();
        Array.Reverse(other);
        return TorchTensor.From<long>(other, Count);
    }
}

/// <summary>Batches of any source, in an order of each epoch's own.</summary>
internal sealed class FeedBatches : TrainingBatches
{
    private readonly NetworkFeed feed;
    private readonly BatchOptions options;

    // Examples of so many batches are sorted by length: little is padded, and chance still mixes batches.
    private const int Sorted = 50;

    private readonly int[] order;
    private int[] batchOrder = [];
    private FedBatch? filled;

    public FeedBatches(NetworkFeed feed, BatchOptions options)
    {
        (this.feed, this.options) = (feed, options);
        if (options.Size < 1)
            throw new DataException($"a batch size of {options.Size}; it must be at least 1");
        if (feed.FixedBatch > 0)
            this.options = options with { Size = feed.FixedBatch };
        if (!options.Augmentation.IsNone)
            throw new DataException(
                $"augmentation needs labelled images; data set '{feed.Data.Name}' holds other examples"
            );
        if (feed.Data.Count == 0)
            throw new DataException($"data set '{feed.Data.Name}' has no examples: no batch of {options.Size}");
        order = new int[feed.Data.Count];
        BeginEpoch(0);
    }

    public override int Batches => (int)(((long)order.Length + options.Size - 1) / options.Size);

    public override void BeginEpoch(int epoch)
    {
        for (int i = 0; i < order.Length; i++)
            order[i] = i;
        if (options.Shuffle)
            Rng.For(options.Seed, "shuffle", epoch).Shuffle<int>(order);
        batchOrder = [.. Enumerable.Range(0, Batches)];
        if (!feed.Data.Lengths.IsEmpty)
            SortByLength(epoch);
    }

    /// <summary>Brings examples of like length together, and batches into an order of chance.</summary>
    private void SortByLength(int epoch)
    {
        ImmutableArray<int> lengths = feed.Data.Lengths;
        for (int first = 0; first < order.Length; first += Sorted * options.Size)
            order
                .AsSpan(first, Math.Min(Sorted * options.Size, order.Length - first))
                .Sort((a, b) => (lengths[a], a).CompareTo((lengths[b], b)));
        if (options.Shuffle)
            Rng.For(options.Seed, "batches", epoch).Shuffle<int>(batchOrder);
    }

    public override void Fill(int batch, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        int first = batchOrder[batch] * options.Size;
        filled = feed.Read(order.AsSpan(first, Math.Min(options.Size, order.Length - first)), filled);
        Count = filled.Count;
    }

    public override TorchTensor[] ToInputs() => [.. filled!.Inputs.Select(i => i.ToTorch())];

    public override TorchTensor? ToMask() => filled!.Mask?.ToTorch();

    public override TorchTensor? ToTargets()
    {
        if (filled!.Targets.IsEmpty)
            return null;
        TorchTensor target = filled.Targets[0].ToTorch();
        return feed.Data.Targets[0].Classes is null ? target : target.To(TorchType.Int64);
    }
}
