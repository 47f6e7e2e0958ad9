using Decant.Core;

namespace Decant.Data;

/// <summary>
/// Random changes to training images that leave their class what it is. An image first is flipped, then bent, turned
/// and scaled about its middle, then shifted; what comes in from outside is 0, in pixels, before preprocessing.
/// </summary>
public sealed record Augmentation
{
    /// <summary>Images as they are.</summary>
    public static Augmentation None { get; } = new();

    /// <summary>
    /// The most pixels to shift by each way, uniformly. Padding by 4 and cropping at random, as is usual for CIFAR-10,
    /// is a shift of 4.
    /// </summary>
    [OptionRange(0, 1000)]
    public int Shift { get; init; }

    /// <summary>Whether to mirror left and right, each second time.</summary>
    public bool Flip { get; init; }

    /// <summary>The most degrees to turn by either way, uniformly.</summary>
    [OptionRange(0, 180)]
    public double Rotate { get; init; }

    /// <summary>The most to scale by: from 1 - this to 1 + this, uniformly.</summary>
    [Share(0, 0.9)]
    public double Scale { get; init; }

    /// <summary>Elastic deformation; null for none.</summary>
    [OptionPrefix("elastic-")]
    public ElasticDeformation? Elastic { get; init; }

    /// <summary>True if images stay as they are.</summary>
    public bool IsNone => this == None;

    /// <summary>True if pixels are interpolated, not only moved by whole steps.</summary>
    internal bool Interpolates => Rotate != 0 || Scale != 0 || Elastic is not null;

    /// <summary>Checks the numbers, and that they make sense for images of a shape.</summary>
    /// <param name="image">C×H×W or F.</param>
    /// <exception cref="DataException">A number is out of range, or the images have no height and width.</exception>
    public void CheckFits(Shape image)
    {
        if (IsNone)
            return;
        if (image.Rank != 3)
            throw new DataException($"augmentation needs images C×H×W; these are {image}");
        Check(
            Shift >= 0 && Shift < Math.Min(image[1], image[2]),
            "shift",
            Shift,
            $"0..{Math.Min(image[1], image[2]) - 1} for images {image}"
        );
        Check(Rotate is >= 0 and <= 180, "rotate", Rotate, "0..180 degrees");
        Check(Scale is >= 0 and <= 0.9, "scale", Scale, "0..0.9");
        if (Elastic is not { } e)
            return;
        Check(e.Alpha is >= 0 and <= 1000, "elastic alpha", e.Alpha, "0..1000");
        Check(e.Sigma is >= 0.5 and <= 32, "elastic sigma", e.Sigma, "0.5..32");
    }

    private static void Check(bool good, string what, double value, string range)
    {
        if (!good)
            throw new DataException($"augmentation: {what} is {value}; it must be in {range}");
    }
}

/// <summary>
/// Elastic deformation (Simard, Steinkraus, Platt 2003): every pixel moves by a random displacement, uniform in [-1,
/// 1], smoothed by a Gaussian and multiplied by alpha.
/// </summary>
public sealed record ElasticDeformation
{
    /// <summary>A deformation of strength 0.</summary>
    public ElasticDeformation() { }

    /// <summary>A deformation.</summary>
    /// <param name="alpha">The strength, in pixels.</param>
    /// <param name="sigma">The Gaussian's standard deviation, in pixels.</param>
    public ElasticDeformation(double alpha, double sigma) => (Alpha, Sigma) = (alpha, sigma);

    /// <summary>The strength, in pixels; 34 with sigma 4 is usual for MNIST.</summary>
    [OptionRange(0, 1000)]
    public double Alpha { get; init; }

    /// <summary>The Gaussian's standard deviation, in pixels.</summary>
    [OptionRange(0.5, 32)]
    public double Sigma { get; init; } = 4;
}
