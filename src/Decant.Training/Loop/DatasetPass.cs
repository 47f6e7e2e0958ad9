using Decant.Core;
using Decant.Data;
using Decant.Torch;

namespace Decant.Training;

/// <summary>
/// Shows a network every image of a set once, as it would answer them: batch normalization by its running statistics,
/// no augmentation, no step. Every trainable weight is a free leaf whatever its encoding, so gradients reach numbers
/// that are zero too.
/// </summary>
/// <param name="network">The network; its one input takes the images.</param>
/// <param name="data">The images.</param>
/// <param name="preprocessing">The pixel arithmetic.</param>
/// <param name="batchSize">Images a batch.</param>
public sealed class DatasetPass(Network network, LabelledImages data, Preprocessing preprocessing, int batchSize)
{
    /// <summary>Looks at each batch's values.</summary>
    /// <param name="visit">Called when the network has run on a batch; what it makes of libtorch is freed after
    /// it.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="DataException">The images do not fit the network.</exception>
    public void Forward(Action<TrainingStep> visit, CancellationToken cancellation = default) =>
        Run(visit, false, cancellation);

    /// <summary>
    /// As <see cref="Forward"/>, recorded: the visitor may go backward from the outputs, and finds each weight's
    /// gradient clear.
    /// </summary>
    /// <param name="visit">Called when the network has run on a batch.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="DataException">The images do not fit the network.</exception>
    public void Recorded(Action<TrainingStep> visit, CancellationToken cancellation = default) =>
        Run(visit, true, cancellation);

    private void Run(Action<TrainingStep> visit, bool records, CancellationToken cancellation)
    {
        Classification.CheckFits(network, data);
        using var torch = new TrainingNetwork(network, w => new FreeForm(w.Encoding));
        TorchTensor[] leaves = [.. torch.Forms.Values.Select(f => f.Parameter)];
        var batch = new BatchBuffer(
            new BatchSource(data, preprocessing, new BatchOptions { Size = batchSize, Shuffle = false }),
            network.Inputs[0].Type.Shape
        );
        for (int b = 0; b < batch.Source.Batches; b++)
        {
            batch.Fill(b, cancellation);
            TorchTensor.ClearGrads(leaves);
            Show(torch, batch, b, visit, records);
        }
    }

    private static void Show(
        TrainingNetwork torch,
        BatchBuffer batch,
        int step,
        Action<TrainingStep> visit,
        bool records
    )
    {
        using var scope = new TorchScope();
        if (records)
        {
            visit(Step());
            return;
        }
        using var noGrad = new NoGrad();
        visit(Step());

        TrainingStep Step()
        {
            TorchTensor x = batch.ToImages();
            return new TrainingStep(
                torch,
                x,
                batch.ToLabels(),
                torch.Forward(training: false, x)[0],
                step,
                batch.Source.Batches
            );
        }
    }
}

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

    public void Fill(int batch, CancellationToken cancellation) =>
        Count = Source.Fill(batch, images, labels, cancellation);

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

    /// <summary>
    /// The images, as the network's input, in an array of their own that holds at least <paramref name="least"/>
    /// images.
    /// </summary>
    public Tensor ToTensor(int least)
    {
        int held = Math.Max(least, Count);
        var pixels = new float[held * Source.Data.ImageSize];
        images.AsSpan(0, Count * Source.Data.ImageSize).CopyTo(pixels);
        return Tensor.Of(new Shape([held, .. sizes.Skip(1).Select(s => (int)s)]), pixels);
    }
}
