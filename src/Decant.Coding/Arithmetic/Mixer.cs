using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Decant.Coding;

/// <summary>
/// Logistic mixing (Mahoney 2005): the log-odds of several predictions, weighted and summed, are the log-odds of one; after each
/// bit the weights move along the gradient of its cost. Integers throughout.
/// </summary>
internal sealed class Mixer
{
    private readonly int[] inputs, weights, rates;
    private readonly int width, slowest;
    private int set;

    /// <summary>A mixer.</summary>
    /// <param name="width">How many predictions; a multiple of 8.</param>
    /// <param name="sets">How many sets of weights there are to choose from.</param>
    /// <param name="weight">Every weight at first, in 1/65536.</param>
    /// <param name="fastest">The learning rate of a fresh set, falling to <paramref name="slowest"/>.</param>
    /// <param name="slowest">The learning rate in the long run.</param>
    public Mixer(int width, int sets, int weight, int fastest, int slowest)
    {
        (this.width, this.slowest) = (width, slowest);
        (inputs, weights, rates) = (new int[width], new int[width * sets], new int[sets]);
        Array.Fill(weights, weight);
        Array.Fill(rates, fastest << 8);
    }

    /// <summary>Sets the first weight of an input in all sets.</summary>
    public void SetWeight(int input, int weight)
    {
        for (int i = input; i < weights.Length; i += width) weights[i] = weight;
    }

    /// <summary>A copy of a mixer and what it has learnt.</summary>
    public Mixer(Mixer other)
    {
        (width, slowest, inputs) = (other.width, other.slowest, new int[other.width]);
        (weights, rates) = ([.. other.weights], [.. other.rates]);
    }

    /// <summary>The log-odds of the predictions, to be set before <see cref="Mix"/>; each within ±<see cref="Logistic.Limit"/>.</summary>
    public Span<int> Inputs => inputs;

    /// <summary>The mixed log-odds after <see cref="Mix"/>.</summary>
    public int LogOdds { get; private set; }

    /// <summary>The mixed probability after <see cref="Mix"/>, in 1/65536.</summary>
    public int Probability { get; private set; }

    /// <summary>Mixes the inputs with a set of weights.</summary>
    public int Mix(int set)
    {
        this.set = set;
        Span<int> w = weights.AsSpan(set * width, width);
        int sum = Vector256.IsHardwareAccelerated ? Dot(inputs, w) : DotScalar(inputs, w);
        LogOdds = Math.Clamp(sum >> 8, -Logistic.Limit, Logistic.Limit);
        return Probability = Logistic.Squash(LogOdds);
    }

    /// <summary>Learns the bit that came after <see cref="Mix"/>.</summary>
    public void Update(int bit)
    {
        ref int rate = ref rates[set];
        int step = ((bit << 16) - Probability) * (rate >> 8) >> 4;
        if (rate > slowest << 8) rate -= rate - (slowest << 8) >> 5 | 1;
        Span<int> w = weights.AsSpan(set * width, width);
        if (Vector256.IsHardwareAccelerated) Train(inputs, w, step);
        else TrainScalar(inputs, w, step);
    }

    internal static int DotScalar(ReadOnlySpan<int> x, ReadOnlySpan<int> w)
    {
        int sum = 0;
        for (int i = 0; i < x.Length; i++) sum += x[i] * w[i] >> 8;
        return sum;
    }

    internal static int Dot(ReadOnlySpan<int> x, ReadOnlySpan<int> w)
    {
        var sum = Vector256<int>.Zero;
        var xs = MemoryMarshal.Cast<int, Vector256<int>>(x);
        var ws = MemoryMarshal.Cast<int, Vector256<int>>(w);
        for (int i = 0; i < xs.Length; i++) sum += xs[i] * ws[i] >> 8;
        return Vector256.Sum(sum);
    }

    internal static void TrainScalar(ReadOnlySpan<int> x, Span<int> w, int step)
    {
        for (int i = 0; i < x.Length; i++) w[i] = Math.Clamp(w[i] + (x[i] * step + 0x8000 >> 16), -MaxWeight, MaxWeight);
    }

    internal static void Train(ReadOnlySpan<int> x, Span<int> w, int step)
    {
        Vector256<int> s = Vector256.Create(step), half = Vector256.Create(0x8000), most = Vector256.Create(MaxWeight);
        var xs = MemoryMarshal.Cast<int, Vector256<int>>(x);
        var ws = MemoryMarshal.Cast<int, Vector256<int>>(w);
        for (int i = 0; i < xs.Length; i++) ws[i] = Vector256.Min(most, Vector256.Max(-most, ws[i] + (xs[i] * s + half >> 16)));
    }

    /// <summary>Keeps a product with an input, at most 2^12, within 32 bits.</summary>
    private const int MaxWeight = 1 << 18;
}
