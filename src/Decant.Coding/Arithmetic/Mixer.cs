using System.Runtime.Intrinsics;

namespace Decant.Coding;

/// <summary>
/// Logistic mixing (Mahoney 2005): the log-odds of eight predictions, weighted and summed, are the log-odds of one;
/// after each bit the weights move along the gradient of its cost. Integers throughout.
/// </summary>
internal sealed class Mixer
{
    /// <summary>How many predictions.</summary>
    public const int Width = 8;

    /// <summary>Keeps a product with an input, at most 2^12, within 32 bits.</summary>
    private const int MaxWeight = 1 << 18;

    private readonly int[] inputs = new int[Width],
        weights,
        rates;
    private readonly int slowest;
    private int set,
        probability;

    /// <summary>A mixer.</summary>
    /// <param name="sets">How many sets of weights there are to choose from.</param>
    /// <param name="weight">Every weight at first, in 1/65536.</param>
    /// <param name="fastest">The learning rate of a fresh set, falling to <paramref name="slowest"/>; 63 at
    /// most.</param>
    /// <param name="slowest">The learning rate in the long run.</param>
    public Mixer(int sets, int weight, int fastest, int slowest)
    {
        this.slowest = slowest << 8;
        (weights, rates) = (new int[Width * sets], new int[sets]);
        Array.Fill(weights, weight);
        Array.Fill(rates, fastest << 8);
    }

    /// <summary>A copy of a mixer and what it has learnt.</summary>
    public Mixer(Mixer other) => (slowest, weights, rates) = (other.slowest, [.. other.weights], [.. other.rates]);

    /// <summary>
    /// The log-odds of the predictions, to be set before <see cref="Mix"/>; each within ±<see cref="Logistic.Limit"/>.
    /// </summary>
    public int[] Inputs => inputs;

    /// <summary>Sets the first weight of an input in all sets.</summary>
    public void SetWeight(int input, int weight)
    {
        for (int i = input; i < weights.Length; i += Width)
            weights[i] = weight;
    }

    /// <summary>Mixes the inputs with a set of weights into a probability in 1/65536.</summary>
    public int Mix(int set)
    {
        this.set = set;
        int sum = Vector256.IsHardwareAccelerated
            ? Dot(inputs, weights, set * Width)
            : DotScalar(inputs, weights, set * Width);
        return probability = Logistic.Squash(sum >> 8);
    }

    /// <summary>Learns the bit that came after <see cref="Mix"/>.</summary>
    public void Update(int bit)
    {
        ref int rate = ref rates[set];
        int step = ((bit << 16) - probability) * (rate >> 8) >> 4;
        if (rate > slowest)
            rate -= rate - slowest >> 5 | 1;
        if (Vector256.IsHardwareAccelerated)
            Train(inputs, weights, set * Width, step);
        else
            TrainScalar(inputs, weights, set * Width, step);
    }

    internal static int DotScalar(int[] x, int[] w, int at)
    {
        int sum = 0;
        for (int i = 0; i < Width; i++)
            sum += x[i] * w[at + i] >> 8;
        return sum;
    }

    internal static int Dot(int[] x, int[] w, int at) =>
        Vector256.Sum(Vector256.LoadUnsafe(ref x[0]) * Vector256.LoadUnsafe(ref w.AsSpan(at, Width)[0]) >> 8);

    internal static void TrainScalar(int[] x, int[] w, int at, int step)
    {
        for (int i = 0; i < Width; i++)
            w[at + i] = Math.Clamp(w[at + i] + (x[i] * step + 0x8000 >> 16), -MaxWeight, MaxWeight);
    }

    internal static void Train(int[] x, int[] w, int at, int step)
    {
        ref int weights = ref w.AsSpan(at, Width)[0];
        var moved =
            Vector256.LoadUnsafe(ref weights)
            + (Vector256.LoadUnsafe(ref x[0]) * step + Vector256.Create(0x8000) >> 16);
        Vector256
            .Min(Vector256.Create(MaxWeight), Vector256.Max(Vector256.Create(-MaxWeight), moved))
            .StoreUnsafe(ref weights);
    }
}

/// <summary>
/// The logistic function and its inverse on integers, from tables made by integer arithmetic: the same on every
/// machine.
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
        const ulong one = 1UL << 32,
            factor = 4278222805;
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
            while (d < Limit && Squash(d) < i * 16 + 8)
                d++;
            table[i] = (short)d;
        }
        return table;
    }
}
