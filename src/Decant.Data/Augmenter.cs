using Decant.Core;

namespace Decant.Data;

/// <summary>
/// Applies an <see cref="Augmentation"/> to images of one shape. What becomes of an image is decided by seed, epoch and
/// the image's number alone. Holds scratch memory: one thread at a time.
/// </summary>
internal sealed class Augmenter
{
    private readonly Augmentation augmentation;
    private readonly int channels,
        height,
        width;
    private readonly Warp? warp;

    public Augmenter(Augmentation augmentation, Shape image)
    {
        augmentation.CheckFits(image);
        this.augmentation = augmentation;
        (channels, height, width) = image.Rank == 3 ? (image[0], image[1], image[2]) : (1, 1, image[0]);
        if (augmentation.Interpolates)
            warp = new Warp(augmentation, channels, height, width);
    }

    /// <summary>True if results are between pixels' values, so that only the overload to floats will do.</summary>
    public bool Interpolates => warp is not null;

    /// <summary>The seed of an epoch's streams.</summary>
    public static ulong SeedOf(ulong seed, int epoch) => Rng.Derive(seed, "augment", epoch);

    /// <summary>Flips and shifts, for augmentations that do no more.</summary>
    public void Move<T>(ReadOnlySpan<T> image, Span<T> to, ulong epochSeed, int sample)
        where T : unmanaged
    {
        var random = new CounterRandom(epochSeed, sample);
        var (dx, dy, flip) = Draw(ref random);
        int plane = height * width;
        for (int c = 0; c < channels; c++)
            MovePlane(image.Slice(c * plane, plane), to.Slice(c * plane, plane), dx, dy, flip);
    }

    /// <summary>Does everything, to pixels that are bytes or floats.</summary>
    public void Bend<T>(ReadOnlySpan<T> image, Span<float> to, ulong epochSeed, int sample)
        where T : unmanaged
    {
        var random = new CounterRandom(epochSeed, sample);
        var (dx, dy, flip) = Draw(ref random);
        warp!.Apply(image, to, dx, dy, flip, ref random);
    }

    private (int Dx, int Dy, bool Flip) Draw(ref CounterRandom random)
    {
        int dx = random.Next(2 * augmentation.Shift + 1) - augmentation.Shift;
        int dy = random.Next(2 * augmentation.Shift + 1) - augmentation.Shift;
        return (dx, dy, (random.NextBits() >> 63 != 0) & augmentation.Flip);
    }

    // One long copy, then the columns that came round from neighbouring rows are cleared: much faster than a copy a
    // row.
    private void MovePlane<T>(ReadOnlySpan<T> from, Span<T> to, int dx, int dy, bool flip)
        where T : unmanaged
    {
        int offset = dy * width + (flip ? -dx : dx);
        if (offset >= 0)
        {
            from[..^offset].CopyTo(to[offset..]);
            to[..offset].Clear();
        }
        else
        {
            from[-offset..].CopyTo(to);
            to[^-offset..].Clear();
        }
        ClearColumns(to, flip ? -dx : dx);
        for (int y = 0; flip && y < height; y++)
            to.Slice(y * width, width).Reverse();
    }

    private void ClearColumns<T>(Span<T> plane, int dx)
        where T : unmanaged
    {
        if (dx == 0)
            return;
        int start = dx > 0 ? 0 : width + dx,
            count = Math.Abs(dx);
        for (int y = 0; y < height; y++)
        for (int x = start; x < start + count; x++)
            plane[y * width + x] = default;
    }
}
