using System.Numerics;

namespace Decant.Core;

/// <summary>A seeded stream of pseudo-random numbers, the same on every machine: xoshiro256** seeded by SplitMix64 (Blackman, Vigna 2018).</summary>
public sealed class Rng
{
    private ulong s0, s1, s2, s3;

    /// <summary>A stream decided by a seed alone.</summary>
    public Rng(ulong seed)
    {
        s0 = Mix(ref seed);
        s1 = Mix(ref seed);
        s2 = Mix(ref seed);
        s3 = Mix(ref seed);
    }

    /// <summary>A stream decided by a seed and a path of numbers or words, such as a stage and an epoch: streams of different paths are independent.</summary>
    public static Rng For(ulong seed, params ReadOnlySpan<object> path) => new(Derive(seed, path));

    /// <summary>The seed that <see cref="For"/> uses.</summary>
    public static ulong Derive(ulong seed, params ReadOnlySpan<object> path)
    {
        ulong h = seed;
        foreach (object part in path)
        {
            foreach (char c in part.ToString()!) h = Mix(ref h) ^ c;
            h = Mix(ref h) ^ 0x1F;
        }
        return h;
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong NextBits()
    {
        ulong result = BitOperations.RotateLeft(s1 * 5, 7) * 9, t = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = BitOperations.RotateLeft(s3, 45);
        return result;
    }

    /// <summary>A uniform number in [0, 1) with 53 random bits.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A uniform number in [low, high).</summary>
    public double NextDouble(double low, double high) => low + (high - low) * NextDouble();

    /// <summary>A uniform integer in [0, bound), without bias (Lemire 2019).</summary>
    public int Next(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        ulong high = Math.BigMul(NextBits(), (ulong)bound, out ulong low);
        while (low < (ulong)bound)
        {
            if (low >= (0UL - (ulong)bound) % (ulong)bound) break;
            high = Math.BigMul(NextBits(), (ulong)bound, out low);
        }
        return (int)high;
    }

    /// <summary>A standard normal number (polar method of Marsaglia).</summary>
    public double NextNormal()
    {
        while (true)
        {
            double u = NextDouble(-1, 1), v = NextDouble(-1, 1), s = u * u + v * v;
            if (s is > 0 and < 1) return u * Math.Sqrt(-2 * Math.Log(s) / s);
        }
    }

    /// <summary>Shuffles in place (Fisher, Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong Mix(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
