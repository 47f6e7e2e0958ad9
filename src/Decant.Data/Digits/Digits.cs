using Decant.Core;

namespace Decant.Data;

/// <summary>
/// A built-in set of handwritten-like digits, 1×28×28 bytes, white on black, made when asked for: skeletons in
/// several styles, bent, drawn, blurred and grained. The same seed gives the same bytes on every machine.
/// </summary>
public static class Digits
{
    /// <summary>How many training images <see cref="Datasets.Open"/> makes.</summary>
    public const int TrainCount = 60_000;

    /// <summary>How many test images <see cref="Datasets.Open"/> makes.</summary>
    public const int TestCount = 10_000;

    /// <summary>The seed <see cref="Datasets.Open"/> uses.</summary>
    public const ulong DefaultSeed = 1;

    private const int Pixels = Pen.Side * Pen.Side,
        Block = 250;

    /// <summary>
    /// Makes digits. Each ten images in a row hold each class once; a smaller count gives the beginning of what a
    /// larger one gives.
    /// </summary>
    /// <param name="count">How many images, at least 1.</param>
    /// <param name="seed">Decides the images.</param>
    /// <param name="part">Train and test images of one seed are different images.</param>
    /// <exception cref="DataException">The count is below 1 or above 2,000,000.</exception>
    public static LabelledImages Make(int count, ulong seed = DefaultSeed, DatasetPart part = DatasetPart.Train)
    {
        if (count is < 1 or > 2_000_000)
            throw new DataException($"cannot make {count} digits; 1..2,000,000 can be made");
        ulong stream = Rng.Derive(seed, "digits", part == DatasetPart.Train ? "train" : "test");
        int[] labels = LabelsOf(count, stream);
        var images = new byte[count * Pixels];
        Parallel.For(0, (count + Block - 1) / Block, block => DrawBlock(block, stream, labels, images));
        return new LabelledImages("digits", Tensor.Of(new Shape(count, 1, Pen.Side, Pen.Side), images), labels, 10);
    }

    private static void DrawBlock(int block, ulong stream, int[] labels, byte[] images)
    {
        var artist = new DigitArtist();
        for (int i = block * Block; i < Math.Min(labels.Length, (block + 1) * Block); i++)
            artist.Draw(labels[i], new CounterRandom(stream, i), images.AsSpan(i * Pixels, Pixels));
    }

    private static int[] LabelsOf(int count, ulong stream)
    {
        var random = Rng.For(stream, "labels");
        Span<int> ten = stackalloc int[10];
        var labels = new int[count];
        for (int i = 0; i < 10; i++)
            ten[i] = i;
        for (int i = 0; i < count; i += 10)
        {
            random.Shuffle(ten);
            ten[..Math.Min(10, count - i)].CopyTo(labels.AsSpan(i));
        }
        return labels;
    }
}

/// <summary>
/// How far digits are bent: standard deviations, unless said otherwise. Changing any of them changes the set's bytes,
/// and so every result measured on it.
/// </summary>
internal static class DigitStrength
{
    /// <summary>Displacement of each point of a skeleton, in page heights.</summary>
    public const double Jitter = 0.025;

    /// <summary>Displacement of the smooth field's knots, in page heights.</summary>
    public const double Field = 0.065;

    /// <summary>Mean height of a digit, in pixels.</summary>
    public const double Height = 18.5;

    /// <summary>Height, relative.</summary>
    public const double Size = 0.09;

    /// <summary>Width relative to height.</summary>
    public const double Aspect = 0.13;

    /// <summary>Mean of the lean to the right, in widths a height.</summary>
    public const double MeanSlant = 0.12;

    /// <summary>The lean to the right, in widths a height.</summary>
    public const double Slant = 0.18;

    /// <summary>Rotation, in radians.</summary>
    public const double Turn = 0.12;

    /// <summary>The middle's place, in pixels.</summary>
    public const double Place = 1.3;
}
