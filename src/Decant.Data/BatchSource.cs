using Decant.Core;

namespace Decant.Data;

/// <summary>
/// Cuts a data set into batches of network inputs. What a batch holds is decided by seed, epoch and the batch's number
/// alone, so training can resume at any batch. One thread at a time; batches cost no allocation.
/// </summary>
public sealed class BatchSource
{
    private readonly BatchOptions options;
    private readonly Augmenter augmenter;
    private readonly int[] order;
    private readonly byte[] movedBytes;
    private readonly float[] movedFloats;
    private readonly bool augments;
    private ulong epochSeed;

    /// <summary>Prepares batches, of epoch 0 until <see cref="BeginEpoch"/> says otherwise.</summary>
    /// <exception cref="DataException">Preprocessing or augmentation do not fit the images, the batch size is below 1,
    /// or there would be no batch.</exception>
    public BatchSource(LabelledImages data, Preprocessing preprocessing, BatchOptions options)
    {
        preprocessing.CheckFits(data.ImageShape);
        if (options.Size < 1)
            throw new DataException($"a batch size of {options.Size}; it must be at least 1");
        (Data, Preprocessing, this.options) = (data, preprocessing, options);
        Batches = options.DropLast
            ? data.Count / options.Size
            : (int)(((long)data.Count + options.Size - 1) / options.Size);
        if (Batches == 0)
            throw new DataException($"data set '{data.Name}' has {data.Count} images: no batch of {options.Size}");
        augmenter = new Augmenter(options.Augmentation, data.ImageShape);
        augments = !options.Augmentation.IsNone;
        order = new int[data.Count];
        movedBytes = new byte[data.ImageSize];
        movedFloats = new float[data.ImageSize];
        BeginEpoch(0);
    }

    /// <summary>The images.</summary>
    public LabelledImages Data { get; }

    /// <summary>What is done to pixels last.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>Batches in an epoch.</summary>
    public int Batches { get; }

    /// <summary>Images in a full batch.</summary>
    public int BatchSize => options.Size;

    /// <summary>The epoch that <see cref="Fill"/> reads from.</summary>
    public int Epoch { get; private set; }

    /// <summary>The order of the current epoch: the index in <see cref="Data"/> of each image.</summary>
    public ReadOnlySpan<int> Order => order;

    /// <summary>Turns to an epoch, any epoch.</summary>
    public void BeginEpoch(int epoch)
    {
        Epoch = epoch;
        epochSeed = Augmenter.SeedOf(options.Seed, epoch);
        for (int i = 0; i < order.Length; i++)
            order[i] = i;
        if (options.Shuffle)
            Rng.For(options.Seed, "shuffle", epoch).Shuffle<int>(order);
    }

    /// <summary>How many images a batch holds: <see cref="BatchSize"/>, or fewer in the last one.</summary>
    public int CountOf(int batch) =>
        (uint)batch < (uint)Batches
            ? (int)Math.Min(options.Size, order.Length - (long)batch * options.Size)
            : throw new ArgumentOutOfRangeException(nameof(batch), batch, $"an epoch has {Batches} batches");

    /// <summary>Fills a batch.</summary>
    /// <param name="batch">0..<see cref="Batches"/>-1, in any order.</param>
    /// <param name="images">Gets the inputs, one image after another, each C×H×W or F; at least count × image size
    /// long.</param>
    /// <param name="labels">Gets the classes; at least count long.</param>
    /// <param name="cancellation">Looked at once a batch.</param>
    /// <returns>How many images the batch holds.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public int Fill(int batch, Span<float> images, Span<long> labels, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        int count = CountOf(batch),
            size = Data.ImageSize;
        for (int i = 0; i < count; i++)
        {
            int sample = order[batch * options.Size + i];
            labels[i] = Data.Labels[sample];
            if (Data.Images.Type == ElementType.UInt8)
                FillBytes(sample, images.Slice(i * size, size));
            else
                FillFloats(sample, images.Slice(i * size, size));
        }
        return count;
    }

    private void FillBytes(int sample, Span<float> to)
    {
        ReadOnlySpan<byte> image = Data.Images.Span<byte>().Slice(sample * to.Length, to.Length);
        if (augmenter.Interpolates)
        {
            augmenter.Bend(image, movedFloats, epochSeed, sample);
            Preprocessing.ApplyFitting(movedFloats, Data.ImageShape, to);
            return;
        }
        if (augments)
        {
            augmenter.Move(image, movedBytes, epochSeed, sample);
            image = movedBytes;
        }
        Preprocessing.ApplyFitting(image, Data.ImageShape, to);
    }

    private void FillFloats(int sample, Span<float> to)
    {
        ReadOnlySpan<float> image = Data.Images.Span<float>().Slice(sample * to.Length, to.Length);
        if (augments)
        {
            if (augmenter.Interpolates)
                augmenter.Bend(image, movedFloats, epochSeed, sample);
            else
                augmenter.Move(image, movedFloats, epochSeed, sample);
            image = movedFloats;
        }
        Preprocessing.ApplyFitting(image, Data.ImageShape, to);
    }
}

/// <summary>How a data set is cut into batches.</summary>
public sealed record BatchOptions
{
    /// <summary>Images in a batch, at least 1.</summary>
    public int Size { get; init; } = 64;

    /// <summary>Decides order and augmentation.</summary>
    public ulong Seed { get; init; }

    /// <summary>Whether each epoch has an order of its own; if not, images come as they lie.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Whether a last batch that is not full is left out.</summary>
    public bool DropLast { get; init; }

    /// <summary>What is done to images before preprocessing.</summary>
    public Augmentation Augmentation { get; init; } = Augmentation.None;
}
