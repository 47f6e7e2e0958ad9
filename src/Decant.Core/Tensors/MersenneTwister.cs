namespace Decant.Core;

/// <summary>
/// MT19937 (Matsumoto and Nishimura 1998, "Mersenne Twister", TOMACS 8(1)), seeded by one number as its authors' init_genrand does:
/// the random numbers that ONNX's reference takes for a seed. For all else there is <see cref="Rng"/>.
/// </summary>
public sealed class MersenneTwister
{
    private const int Size = 624, Middle = 397;

    private readonly uint[] state = new uint[Size];
    private int next = Size;

    /// <summary>The stream of a seed.</summary>
    public MersenneTwister(uint seed)
    {
        state[0] = seed;
        for (uint i = 1; i < Size; i++) state[i] = 1812433253 * (state[i - 1] ^ state[i - 1] >> 30) + i;
    }

    /// <summary>The next 32 bits.</summary>
    public uint NextUInt32()
    {
        if (next == Size) Twist();
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
