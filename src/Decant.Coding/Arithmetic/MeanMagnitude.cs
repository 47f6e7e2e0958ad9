using System.Numerics;

namespace Decant.Coding;

/// <summary>A running mean of magnitudes.</summary>
internal struct MeanMagnitude
{
    private long sum;
    private int count;

    public void Add(int value) => (sum, count) = (sum + value, count + 1);

    /// <summary>The mean, with some more of a prior one.</summary>
    public readonly int Of(int prior, int weight) => count + weight == 0 ? prior : (int)((sum + (long)prior * weight) / (count + weight));

    /// <summary>The binary logarithm of a ratio, in eighths.</summary>
    public static int Ratio(int value, int mean) => (Log(value) - Log(mean)) / 2;

    /// <summary>The binary logarithm in 1/16, straight between powers of two.</summary>
    private static int Log(int value)
    {
        int v = Math.Max(1, value), n = BitOperations.Log2((uint)v);
        return n * 16 + (int)((long)v << 4 >> n) - 16;
    }
}
