using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Training.Data;

/// <summary>
/// Labelled images. Nothing here changes after construction; the tensor is shared and must not be written.
/// </summary>
public sealed class Dataset
{
    /// <summary>Creates a data set.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="images">UInt8 or Float32, N×C×H×W or N×F.</param>
    /// <param name="labels">The class of each image, 0..classes-1.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <exception cref="DataException">The tensor's type or rank is another, the counts differ, or a label is out of
    /// range; the first such image is named.</exception>
    public Dataset(string name, Tensor images, ReadOnlySpan<int> labels, int classes)
    {
        CheckImages(name, images);
        CheckLabels(name, images.Shape[0], labels, classes);
        (Name, Images, Labels, Classes) = (name, images, [.. labels], classes);
        ImageShape = new Shape(images.Shape.Dims.AsSpan()[1..]);
    }

    /// <summary>What messages call it.</summary>
    public string Name { get; }

    /// <summary>UInt8 or Float32 pixels, N×C×H×W or N×F. Colour channels lie in the order red, green, blue.</summary>
    public Tensor Images { get; }

    /// <summary>The class of each image.</summary>
    public ImmutableArray<int> Labels { get; }

    /// <summary>How many classes there are.</summary>
    public int Classes { get; }

    /// <summary>How many images there are.</summary>
    public int Count => Labels.Length;

    /// <summary>The shape of one image, C×H×W or F.</summary>
    public Shape ImageShape { get; }

    /// <summary>Pixels in one image, all channels together.</summary>
    public int ImageSize => (int)ImageShape.Count;

    /// <summary>The images at the given indices, in that order, copied.</summary>
    /// <exception cref="DataException">An index is outside 0..Count-1.</exception>
    public Dataset Take(ReadOnlySpan<int> indices)
    {
        foreach (int i in indices)
            if (i < 0 || i >= Count)
                throw new DataException($"data set '{Name}' has {Count} images; there is no image {i}");
        Tensor taken = Tensor.Zeros(Images.Type, Images.Shape.With(0, indices.Length));
        var labels = new int[indices.Length];
        for (int i = 0; i < indices.Length; i++)
            labels[i] = Labels[indices[i]];
        if (Images.Type == ElementType.UInt8)
            Copy<byte>(taken, indices);
        else
            Copy<float>(taken, indices);
        return new Dataset(Name, taken, labels, Classes);
    }

    /// <summary>The first images, at most <paramref name="count"/> of them.</summary>
    public Dataset First(int count)
    {
        if (count < 0)
            throw new DataException($"cannot take the first {count} images of data set '{Name}'");
        return count >= Count ? this : Take(Enumerable.Range(0, count).ToArray());
    }

    /// <summary>
    /// Cuts the set in two at random, each class in proportion to how often it occurs, to within one image. Both parts
    /// keep the order of this set.
    /// </summary>
    /// <param name="holdOut">How many images the second part gets.</param>
    /// <param name="seed">Decides which.</param>
    /// <exception cref="DataException"><paramref name="holdOut"/> is not in 0..Count.</exception>
    public (Dataset Train, Dataset HeldOut) Split(int holdOut, ulong seed)
    {
        if (holdOut < 0 || holdOut > Count)
            throw new DataException($"cannot hold out {holdOut} of the {Count} images of data set '{Name}'");
        bool[] held = StratifiedSplit.Choose(Labels.AsSpan(), Classes, holdOut, seed);
        return (Take(Where(held, false)), Take(Where(held, true)));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Count} images {ImageShape}, {Classes} classes";

    private int[] Where(bool[] held, bool wanted) => [.. Enumerable.Range(0, Count).Where(i => held[i] == wanted)];

    private void Copy<T>(Tensor to, ReadOnlySpan<int> indices)
        where T : unmanaged
    {
        int size = ImageSize;
        for (int i = 0; i < indices.Length; i++)
            Images.Span<T>().Slice(indices[i] * size, size).CopyTo(to.Span<T>().Slice(i * size, size));
    }

    private static void CheckImages(string name, Tensor images)
    {
        if (images.Type is not (ElementType.UInt8 or ElementType.Float32))
            throw new DataException($"data set '{name}': images are {images.Type}; UInt8 and Float32 are supported");
        if (images.Shape.Rank is not (2 or 4))
            throw new DataException($"data set '{name}': images have shape {images.Shape}; N×C×H×W or N×F is expected");
        if (images.Shape.CountFrom(1) == 0)
            throw new DataException($"data set '{name}': images of shape {images.Shape} have no pixels");
    }

    private static void CheckLabels(string name, int images, ReadOnlySpan<int> labels, int classes)
    {
        if (classes < 1)
            throw new DataException($"data set '{name}': {classes} classes; at least one is needed");
        if (labels.Length != images)
            throw new DataException($"data set '{name}': {images} images but {labels.Length} labels");
        for (int i = 0; i < labels.Length; i++)
            if ((uint)labels[i] >= (uint)classes)
                throw new DataException(
                    $"data set '{name}': image {i} has label {labels[i]}, which is outside 0..{classes - 1}"
                );
    }
}
