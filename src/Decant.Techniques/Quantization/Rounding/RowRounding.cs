namespace Decant.Techniques.Quantization;

/// <summary>
/// Finds the codes of one neuron's or filter's numbers, min over ŵ of ŵᵀ·H·ŵ − 2·ŵᵀ·C·w, by coordinate
/// descent: each number in turn takes the code that is best while the others stay, until none changes (Behdin, Acharya,
/// Gupta, Song, Zhu, Keerthi, Mazumder: *QuantEase*, 2023).
/// </summary>
internal sealed class RowRounding
{
    private const int MostSweeps = 100;

    private readonly LayerMoments moments;
    private readonly double[] scales,
        slopes;
    private readonly int[] zeros;
    private readonly int least,
        greatest;

    /// <summary>Begins at the nearest codes.</summary>
    /// <param name="moments">H and C.</param>
    /// <param name="whole">w.</param>
    /// <param name="scales">The scale of each number.</param>
    /// <param name="zeros">The zero point of each.</param>
    /// <param name="least">The least code.</param>
    /// <param name="greatest">The greatest.</param>
    public RowRounding(LayerMoments moments, double[] whole, double[] scales, int[] zeros, int least, int greatest)
    {
        (this.moments, Whole, this.scales, this.zeros, this.least, this.greatest) = (
            moments,
            whole,
            scales,
            zeros,
            least,
            greatest
        );
        Codes = [.. whole.Select((w, i) => Nearest(w, i))];
        Values = [.. Codes.Select((c, i) => (c - zeros[i]) * scales[i])];
        slopes = new double[whole.Length];
        int n = whole.Length;
        for (int i = 0; i < n; i++)
        {
            double sum = 0;
            for (int j = 0; j < n; j++)
                sum += moments.Seen[i * n + j] * Values[j] - moments.Cross[i * n + j] * whole[j];
            slopes[i] = sum;
        }
    }

    /// <summary>w.</summary>
    public double[] Whole { get; }

    /// <summary>The codes.</summary>
    public int[] Codes { get; }

    /// <summary>ŵ.</summary>
    public double[] Values { get; }

    /// <summary>Lowers the error until no number alone can.</summary>
    public void Descend()
    {
        for (int sweep = 0; sweep < MostSweeps; sweep++)
        {
            bool moved = false;
            for (int i = 0; i < Whole.Length; i++)
                if (Whole[i] != 0)
                    moved |= Move(i);
            if (!moved)
                return;
        }
    }

    private bool Move(int i)
    {
        int n = Whole.Length,
            code = Nearest(Values[i] - slopes[i] / moments.Seen[i * n + i], i);
        if (code == Codes[i])
            return false;
        double change = (code - Codes[i]) * scales[i];
        ReadOnlySpan<double> row = moments.Seen.AsSpan(i * n, n);
        for (int j = 0; j < n; j++)
            slopes[j] += change * row[j];
        (Codes[i], Values[i]) = (code, (code - zeros[i]) * scales[i]);
        return true;
    }

    private int Nearest(double value, int i) =>
        scales[i] == 0 ? zeros[i] : (int)Math.Clamp(Math.Round(value / scales[i]) + zeros[i], least, greatest);
}
