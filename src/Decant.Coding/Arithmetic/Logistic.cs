namespace Decant.Coding;

/// <summary>
/// The logistic function and its inverse on integers, from tables made by integer arithmetic: the same on every machine.
/// Probabilities are in 1/65536; log-odds are in 1/256 of a natural unit, within ±<see cref="Limit"/>.
/// </summary>
internal static class Logistic
{
    /// <summary>The largest log-odds.</summary>
    public const int Limit = 2815;

    private static readonly ushort[] SquashTable = MakeSquash();
    private static readonly short[] StretchTable = MakeStretch();

    /// <summary>The probability, 1 to 65535, of log-odds; those outside the limit are brought to it.</summary>
    public static int Squash(int logOdds) => SquashTable[Math.Clamp(logOdds, -Limit, Limit) + Limit];

    /// <summary>The log-odds of a probability, 0 to 65535.</summary>
    public static int Stretch(int probability) => StretchTable[probability >> 4];

    /// <summary>Powers of e^(-1/256) in 1/2^32, by repeated multiplication.</summary>
    private static ushort[] MakeSquash()
    {
        const ulong one = 1UL << 32, factor = 4278222805;
        var table = new ushort[2 * Limit + 1];
        ulong power = one;
        for (int d = 0; d <= Limit; d++, power = power * factor >> 32)
        {
            int p = (int)Math.Min(65535, ((one << 16) + (one + power) / 2) / (one + power));
            table[Limit + d] = (ushort)p;
            table[Limit - d] = (ushort)Math.Max(1, 65536 - p);
        }
        return table;
    }

    /// <summary>The log-odds whose probability comes first to the middle of each of 4096 steps.</summary>
    private static short[] MakeStretch()
    {
        var table = new short[4096];
        int d = -Limit;
        for (int i = 0; i < table.Length; i++)
        {
            while (d < Limit && Squash(d) < i * 16 + 8) d++;
            table[i] = (short)d;
        }
        return table;
    }
}
