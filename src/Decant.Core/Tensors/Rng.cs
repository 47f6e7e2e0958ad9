using System.Numerics;

namespace Decant.Core;

/// <summary>
/// A seeded stream of pseudo-random numbers, the same on every machine: xoshiro256** seeded by SplitMix64 (Blackman,
/// Vigna 2018).
/// </summary>
public sealed class Rng
{
    private ulong s0,
        s1,
        s2,
        s3;

    /// <summary>A stream decided by a seed alone.</summary>
    public Rng(ulong seed)
    {
        s0 = Mix(ref seed);
        s1 = Mix(ref seed);
        s2 = Mix(ref seed);
        s3 = Mix(ref seed);
    }

    /// <summary>
    /// A stream decided by a seed and a path of numbers or words, such as a stage and an epoch: streams of different
    /// paths are independent.
    /// </summary>
    public static Rng For(ulong seed, params ReadOnlySpan<object> path) => new(Derive(seed, path));

    /// <summary>The seed that <see cref="For"/> uses.</summary>
    public static ulong Derive(ulong seed, params ReadOnlySpan<object> path)
    {
        ulong h = seed;
        foreach (object part in path)
        {
            foreach (char c in part.ToString()!)
                h = Mix(ref h) ^ c;
            h = Mix(ref h) ^ 0x1F;
        }
        return h;
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong NextBits()
    {
        ulong result = BitOperations.RotateLeft(s1 * 5, 7) * 9,
            t = s1 << 17;
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
            if (low >= (0UL - (ulong)bound) % (ulong)bound)
                break;
            high = Math.BigMul(NextBits(), (ulong)bound, out low);
        }
        return (int)high;
    }

    /// <summary>A standard normal number (polar method of Marsaglia).</summary>
    public double NextNormal()
    {
        while (true)
        {
            double u = NextDouble(-1, 1),
                v = NextDouble(-1, 1),
                s = u * u + v * v;
            if (s is > 0 and < 1)
                return u * Math.Sqrt(-2 * Math.Log(s) / s);
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

/// <summary>
/// MT19937 (Matsumoto and Nishimura 1998, "Mersenne Twister", TOMACS 8(1)), seeded by one number as its authors'
/// init_genrand does: the random numbers that ONNX's reference takes for a seed. For all else there is
/// <see cref="Rng"/>.
/// </summary>
public sealed class MersenneTwister
{
    private const int Size = 624,
        Middle = 397;

    private readonly uint[] state = new uint[Size];
    private int next = Size;

    /// <summary>The stream of a seed.</summary>
    public MersenneTwister(uint seed)
    {
        state[0] = seed;
        for (uint i = 1; i < Size; i++)
            state[i] = 1812433253 * (state[i - 1] ^ state[i - 1] >> 30) + i;
    }

    /// <summary>The next 32 bits.</summary>
    public uint NextUInt32()
    {
        if (next == Size)
            Twist();
        uint y = state[next++];
        y ^= y >> 11;
        y ^= y << 7 & 0x9D2C5680;
        y ^= y << 15 & 0xEFC60000;
        return y ^ y >> 18;
    }

    /// <summary>The next number from 0 up to 1, of 53 bits: those that the authors call genrand_res53.</summary>
    public double NextDouble() => ((NextUInt32() >> 5) * 67108864.0 + (NextUInt32() >> 6)) / 9007199254740992.0;

    private void Twist()
    {
        for (int i = 0; i < Size; i++)
        {
            uint y = (state[i] & 0x80000000) | (state[(i + 1) % Size] & 0x7FFFFFFF);
            state[i] = state[(i + Middle) % Size] ^ y >> 1 ^ ((y & 1) == 0 ? 0 : 0x9908B0DF);
        }
        next = 0;
    }
}
