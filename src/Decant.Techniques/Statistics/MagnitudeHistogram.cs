namespace Decant.Techniques.Statistics;

/// <summary>
/// How often values of which magnitude came, in bins whose width grows with the magnitude: 256 for each power of two
/// and sign. One outlier does not make it coarser for the others. Its memory depends on the spread of magnitudes alone.
/// </summary>
internal sealed class MagnitudeHistogram
{
    private const int MantissaBits = 8,
        BinsOfPage = 1 << MantissaBits,
        Dropped = 23 - MantissaBits;

    // A page for each sign and exponent, made when a value falls into it.
    private readonly long[]?[] pages = new long[]?[1 << 9];

    /// <summary>How many values came.</summary>
    public long Count { get; private set; }

    /// <summary>Counts finite values.</summary>
    public void Add(ReadOnlySpan<float> values)
    {
        foreach (float v in values)
        {
            uint bin = BitConverter.SingleToUInt32Bits(v) >> Dropped;
            (pages[bin >> MantissaBits] ??= new long[BinsOfPage])[bin & (BinsOfPage - 1)]++;
        }
        Count += values.Length;
    }

    /// <summary>The magnitude that no more than a share of the values exceeds, to the end of its bin.</summary>
    /// <param name="share">0 to 1.</param>
    public double MagnitudeExceededBy(double share)
    {
        double left = share * Count;
        for (int exponent = 255; exponent >= 0; exponent--)
        {
            long[]? positive = pages[exponent],
                negative = pages[exponent + 256];
            for (int i = BinsOfPage - 1; i >= 0 && (positive ?? negative) is not null; i--)
                if ((left -= (positive?[i] ?? 0) + (negative?[i] ?? 0)) < 0)
                    return exponent + i == 0 ? 0 : Lower((exponent << MantissaBits) + i + 1);
        }
        return 0;
    }

    /// <summary>
    /// The values up to a magnitude in a histogram of bins of one width; those beyond count in its last bins.
    /// </summary>
    public ValueHistogram Within(double magnitude)
    {
        double width = magnitude / (ValueHistogram.Bins / 2);
        var counts = new long[ValueHistogram.Bins];
        var uniform = new ValueHistogram(width, counts);
        for (int page = 0; page < pages.Length; page++)
        for (int i = 0; pages[page] is { } counted && i < BinsOfPage; i++)
            if (counted[i] > 0)
                counts[uniform.BinOf(Middle(page, i))] += counted[i];
        return uniform;
    }

    private static double Middle(int page, int bin)
    {
        int magnitude = ((page & 255) << MantissaBits) + bin;
        double middle = magnitude == 0 ? 0 : (Lower(magnitude) + Lower(magnitude + 1)) / 2;
        return page >= 256 ? -middle : middle;
    }

    private static double Lower(int bin) => BitConverter.UInt32BitsToSingle((uint)bin << Dropped);
}
