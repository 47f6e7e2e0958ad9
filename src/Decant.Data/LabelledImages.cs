using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Decant.Core;

namespace Decant.Data;

/// <summary>
/// Images and the class of each. Nothing here changes after construction; the tensor is shared and must not be written.
/// </summary>
public sealed class LabelledImages : IDataSource
{
    private readonly Lazy<string> fingerprint;

    /// <summary>Creates a data set.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="images">UInt8 or Float32, N×C×H×W or N×F.</param>
    /// <param name="labels">The class of each image, 0..classes-1.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <exception cref="DataException">The tensor's type or rank is another, the counts differ, or a label is out of
    /// range; the first such image is named.</exception>
    public LabelledImages(string name, Tensor images, ReadOnlySpan<int> labels, int classes)
    {
        CheckImages(name, images);
        CheckLabels(name, images.Shape[0], labels, classes);
        (Name, Images, Labels, Classes) = (name, images, [.. labels], classes);
        ImageShape = new Shape(images.Shape.Dims.AsSpan()[1..]);
        fingerprint = new(Hash);
    }

    /// <summary>What messages call it.</summary>
    public string Name { get; }

    /// <summary>
    /// UInt8 or Float32 pixels, N×C×H×W or N×F. Colour channels lie in the order red, green, blue.
    /// </summary>
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

    /// <inheritdoc/>
    public ImmutableArray<DataField> Inputs => [new DataField("images", Images.Type, ImageShape) { IsImage = true }];

    /// <inheritdoc/>
    public ImmutableArray<DataField> Targets =>
        [new DataField("labels", ElementType.Int64, Shape.Scalar) { Classes = Classes }];

    /// <inheritdoc/>
    public string Fingerprint => fingerprint.Value;

    /// <inheritdoc/>
    public Batch Read(ReadOnlySpan<int> indices) => Read(indices, null);

    /// <inheritdoc/>
    public Batch Read(ReadOnlySpan<int> indices, Batch? spent)
    {
        Rows.Check(this, indices, "image");
        var labels = new long[indices.Length];
        for (int i = 0; i < indices.Length; i++)
            labels[i] = Labels[indices[i]];
        return new Batch(
            indices.Length,
            [Rows.Take(Images, indices, spent?.Inputs.FirstOrDefault())],
            [Tensor.Vector(labels)]
        );
    }

    /// <summary>The images at the given indices, in that order, copied.</summary>
    /// <exception cref="DataException">An index is outside 0..Count-1.</exception>
    public LabelledImages Take(ReadOnlySpan<int> indices)
    {
        Rows.Check(this, indices, "image");
        var labels = new int[indices.Length];
        for (int i = 0; i < indices.Length; i++)
            labels[i] = Labels[indices[i]];
        return new LabelledImages(Name, Rows.Take(Images, indices), labels, Classes);
    }

    IDataSource IDataSource.Take(ReadOnlySpan<int> indices) => Take(indices);

    /// <summary>The first images, at most <paramref name="count"/> of them.</summary>
    public LabelledImages First(int count)
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
    public (LabelledImages Train, LabelledImages HeldOut) Split(int holdOut, ulong seed)
    {
        if (holdOut < 0 || holdOut > Count)
            throw new DataException($"cannot hold out {holdOut} of the {Count} images of data set '{Name}'");
        bool[] held = StratifiedSplit.Choose(Labels.AsSpan(), Classes, holdOut, seed);
        return (Take(Where(held, false)), Take(Where(held, true)));
    }

    (IDataSource Train, IDataSource HeldOut) IDataSource.Split(int holdOut, ulong seed) => Split(holdOut, seed);

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Count} images {ImageShape}, {Classes} classes";

    private int[] Where(bool[] held, bool wanted) => [.. Enumerable.Range(0, Count).Where(i => held[i] == wanted)];

    private string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Images.Bytes());
        hash.AppendData(MemoryMarshal.AsBytes(Labels.AsSpan()));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void CheckImages(string name, Tensor images)
    {
        if (images.Type is not (ElementType.UInt8 or ElementType.Float32))
            throw new DataException($"data set '{name}': images are {images.Type}; UInt8 and Float32 are supported");
        if (images.Shape.Rank is not (2 or 4))
            throw new DataException(
                $"data set '{name}': images have shape {images.Shape}; " + "N×C×H×W or N×F is expected"
            );
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
