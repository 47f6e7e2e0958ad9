using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Data;

/// <summary>A source whose images are brought to another size as they are read.</summary>
internal sealed class ResizedSource : IDataSource
{
    private readonly IDataSource source;
    private readonly ImageSizing sizing;

    /// <param name="source">A source for which <see cref="Fits"/>.</param>
    /// <param name="sizing">What is done.</param>
    /// <exception cref="DataException">The crop is larger than the images.</exception>
    public ResizedSource(IDataSource source, ImageSizing sizing)
    {
        (this.source, this.sizing) = (source, sizing);
        Inputs = [.. source.Inputs.Select(f => IsImage(f) ? f with { Shape = Resized(f.Shape, f.Name) } : f)];
    }

    public string Name => source.Name;

    public int Count => source.Count;

    public ImmutableArray<DataField> Inputs { get; }

    public ImmutableArray<DataField> Targets => source.Targets;

    public ImmutableArray<int> Lengths => source.Lengths;

    public ImmutableArray<int> Starts => source.Starts;

    public ImmutableArray<StatePair> States => source.States;

    public ImmutableArray<string> Notes => source.Notes;

    public string Fingerprint => $"{source.Fingerprint}, {sizing}";

    /// <summary>Whether a source has images C×H×W.</summary>
    public static bool Fits(IDataSource source) => source.Inputs.Any(IsImage);

    public Batch Read(ReadOnlySpan<int> indices)
    {
        Batch batch = source.Read(indices);
        return batch with
        {
            Inputs = [.. batch.Inputs.Select((t, i) => IsImage(source.Inputs[i]) ? Resize(t, Inputs[i].Shape) : t)],
        };
    }

    public IDataSource Take(ReadOnlySpan<int> indices) => new ResizedSource(source.Take(indices), sizing);

    public (IDataSource Train, IDataSource HeldOut) Split(int holdOut, ulong seed)
    {
        var (train, heldOut) = source.Split(holdOut, seed);
        return (new ResizedSource(train, sizing), new ResizedSource(heldOut, sizing));
    }

    public override string ToString() => $"{source}, {sizing}";

    // Floats that are taken as they are may be images too: they have one or three planes.
    private static bool IsImage(DataField field) =>
        field.Shape is { Rank: 3, IsKnown: true } shape
        && (field.IsImage || (field.Type == ElementType.Float32 && shape[0] is 1 or 3))
        && shape.Count > 0;

    private Shape Resized(Shape image, string field)
    {
        ImageSize size = sizing.Of(new ImageSize(image[1], image[2]));
        var resized = new Shape(image[0], size.Height, size.Width);
        return resized.Count <= Array.MaxLength
            ? resized
            : throw new DataException($"images '{field}' of {resized} are too large");
    }

    private Tensor Resize(Tensor images, Shape to)
    {
        int count = images.Shape[0],
            length = (int)images.Shape.CountFrom(1),
            made = (int)to.Count;
        var size = new ImageSize(images.Shape[2], images.Shape[3]);
        var resampler = new ImageResampler(sizing);
        Tensor resized = Tensor.Zeros(images.Type, new Shape([count, .. to.Dims]));
        for (int i = 0; i < count; i++)
            if (images.Type == ElementType.UInt8)
                resampler.Apply(
                    images.Span<byte>().Slice(i * length, length),
                    size,
                    resized.Span<byte>().Slice(i * made, made)
                );
            else
                resampler.Apply(
                    images.Span<float>().Slice(i * length, length),
                    size,
                    resized.Span<float>().Slice(i * made, made)
                );
        return resized;
    }
}
