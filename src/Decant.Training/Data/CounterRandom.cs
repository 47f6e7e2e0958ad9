namespace Decant.Training.Data;

/// <summary>A small random stream for one sample, decided by a seed and the sample's number: SplitMix64 (Steele, Lea, Flood 2014). A value type, so that a stream a sample costs no allocation.</summary>
internal struct CounterRandom(ulong seed, int sample)
{
    private ulong state = Mix(seed ^ Mix((ulong)sample + 0x9E3779B97F4A7C15));

    public ulong NextBits() => Mix(state += 0x9E3779B97F4A7C15);

    /// <summary>Uniform in [0, 1), a multiple of 2^-53.</summary>
    public double Next() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [low, high).</summary>
    public double Next(double low, double high) => low + (high - low) * Next();

    /// <summary>Uniform in 0..bound-1; the bias is below bound / 2^32.</summary>
    public int Next(int bound) => (int)(((NextBits() >> 32) * (ulong)bound) >> 32);

    /// <summary>Bell-shaped in (-3, 3) with standard deviation 1: the sum of three uniform numbers, so that no logarithm is needed, whose last bit differs between machines.</summary>
    public double NextBell() => 2 * (Next() + Next() + Next() - 1.5);

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
