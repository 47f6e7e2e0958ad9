using Decant.Core;
using Decant.Torch;
using Decant.Training.Data;

namespace Decant.Training;

/// <summary>The one batch that a loop works on, refilled from its source.</summary>
internal sealed class BatchBuffer
{
    private readonly float[] images;
    private readonly long[] labels;
    private readonly long[] sizes;

    /// <summary>Makes room for a full batch.</summary>
    /// <param name="source">Where batches come from.</param>
    /// <param name="input">The shape that the network's input takes; the images' own if null.</param>
    public BatchBuffer(BatchSource source, Shape? input)
    {
        Source = source;
        Shape image = source.Data.ImageShape;
        sizes = input is { } x && x.Rank != image.Rank + 1 ? [0, image.Count] : [0, .. Operators.Shapes.Sizes(image)];
        (images, labels) = (new float[source.BatchSize * image.Count], new long[source.BatchSize]);
    }

    public BatchSource Source { get; }

    /// <summary>Images in the batch now.</summary>
    public int Count { get; private set; }

    /// <summary>Their classes.</summary>
    public ReadOnlySpan<long> Labels => labels.AsSpan(0, Count);

    public void Fill(int batch, CancellationToken cancellation) => Count = Source.Fill(batch, images, labels, cancellation);

    /// <summary>The images, as the network's input.</summary>
    public TorchTensor ToImages()
    {
        sizes[0] = Count;
        return TorchTensor.From<float>(images.AsSpan(0, Count * Source.Data.ImageSize), sizes);
    }

    /// <summary>Mixes each image with that of the same place from the end; see <see cref="MixUp"/>.</summary>
    public void Mix(double share) => MixUp.Mix(images.AsSpan(0, Count * Source.Data.ImageSize), Count, share);

    /// <summary>The classes of the images that each was mixed with.</summary>
    public TorchTensor ToOtherLabels()
    {
        long[] other = Labels.ToArray();
        Array.Reverse(other);
        return TorchTensor.From<long>(other, Count);
    }

    public TorchTensor ToLabels() => TorchTensor.From(Labels, Count);

    /// <summary>The images, as the network's input, in an array of their own that holds at least <paramref name="least"/> images.</summary>
    public Tensor ToTensor(int least)
    {
        int held = Math.Max(least, Count);
        var pixels = new float[held * Source.Data.ImageSize];
        images.AsSpan(0, Count * Source.Data.ImageSize).CopyTo(pixels);
        return Tensor.Of(new Shape([held, .. sizes.Skip(1).Select(s => (int)s)]), pixels);
    }
}
