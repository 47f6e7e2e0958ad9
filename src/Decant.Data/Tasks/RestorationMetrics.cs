using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Data;

/// <summary>
/// A mean over signals of decibels, from sums over each signal that are gathered batch by batch. Signals that are
/// restored exactly do not count, unless all are: the mean is infinite then.
/// </summary>
/// <param name="output">The index of the output; the target is the first.</param>
/// <param name="starts">The first example of each signal, rising; null where each example is one.</param>
public abstract class SignalMetric(int output, ImmutableArray<int>? starts) : IMetric
{
    private readonly List<SignalSums> signals = [];
    private int examples;

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public string Unit => "dB";

    /// <inheritdoc/>
    public MetricDirection Direction => MetricDirection.HigherIsBetter;

    /// <inheritdoc/>
    /// <exception cref="DataException">No signal counts: the targets of all are silent.</exception>
    public double Value
    {
        get
        {
            double[] each = [.. signals.Select(s => Decibels(s)).OfType<double>()];
            double[] inexact = [.. each.Where(d => !double.IsPositiveInfinity(d))];
            return inexact.Length > 0 ? inexact.Average()
                : each.Length > 0 ? double.PositiveInfinity
                : throw new DataException($"{Name} needs a target that is not constant, and all are");
        }
    }

    /// <inheritdoc/>
    public void Add(ScoredBatch batch)
    {
        double[] targets = TensorValues.Of(batch.Targets[0]);
        ReadOnlySpan<float> made = batch.Outputs[output].Span<float>();
        int size = targets.Length / batch.Count;
        for (int i = 0; i < batch.Count; i++, examples++)
        {
            if (signals.Count == 0 || starts is not { } first || first.BinarySearch(examples) >= 0)
                signals.Add(new SignalSums());
            signals[^1].Add(targets.AsSpan(i * size, size), made.Slice(i * size, size));
        }
    }

    /// <summary>A signal's value; null where it does not count.</summary>
    private protected abstract double? Decibels(SignalSums signal);

    /// <summary>10·log₁₀ of a ratio; infinite where there is no noise.</summary>
    private protected static double Ratio(double signal, double noise) =>
        noise == 0 ? double.PositiveInfinity : 10 * Math.Log10(signal / noise);
}

/// <summary>Sums over the elements of a signal, t the target and x the output.</summary>
internal sealed class SignalSums
{
    public long Count { get; private set; }

    /// <summary>Σt².</summary>
    public double Energy { get; private set; }

    /// <summary>Σ(x − t)².</summary>
    public double Noise { get; private set; }

    // Σt, Σx, Σx², Σxt.
    private double targets,
        made,
        squares,
        products;

    public void Add(ReadOnlySpan<double> target, ReadOnlySpan<float> output)
    {
        for (int i = 0; i < target.Length; i++)
        {
            (double t, double x) = (target[i], output[i]);
            Energy += t * t;
            Noise += (x - t) * (x - t);
            targets += t;
            made += x;
            squares += x * x;
            products += x * t;
        }
        Count += target.Length;
    }

    /// <summary>
    /// With the means of both taken away: the energies of the target, of the output, and of the output's part along
    /// the target.
    /// </summary>
    public (double Target, double Output, double Along) Centred()
    {
        double target = Energy - targets * targets / Count,
            product = products - targets * made / Count;
        return (target, squares - made * made / Count, product * product / target);
    }
}

/// <summary>
/// Peak signal to noise ratio: the mean over signals of 10·log₁₀(peak² / mean (output − target)²), in dB.
/// </summary>
/// <param name="output">The index of the output; the target is the first.</param>
/// <param name="peak">The largest value that a target can have: 1 or 255, say.</param>
/// <param name="starts">The first example of each signal, rising; null where each example is one.</param>
public sealed class PeakSignalToNoise(int output, double peak = 1, ImmutableArray<int>? starts = null)
    : SignalMetric(output, starts)
{
    /// <inheritdoc/>
    public override string Name => "PSNR";

    private protected override double? Decibels(SignalSums signal) => Ratio(peak * peak, signal.Noise / signal.Count);
}

/// <summary>
/// Signal to noise ratio: the mean over signals of 10·log₁₀(Σtarget² / Σ(output − target)²), in dB. Silent
/// targets do not count.
/// </summary>
/// <param name="output">The index of the output; the target is the first.</param>
/// <param name="starts">The first example of each signal, rising; null where each example is one.</param>
public sealed class RestoredSignalToNoise(int output, ImmutableArray<int>? starts = null) : SignalMetric(output, starts)
{
    /// <inheritdoc/>
    public override string Name => "SNR";

    private protected override double? Decibels(SignalSums signal) =>
        signal.Energy > 0 ? Ratio(signal.Energy, signal.Noise) : null;
}

/// <summary>
/// Scale-invariant signal to noise ratio (SI-SNR; Le Roux et al. 2019): of output x and target t without their means,
/// 10·log₁₀(|αt|² / |x − αt|²) with α = x·t / |t|², the mean over signals, in dB. Constant targets do
/// not count; above 120 dB a signal counts as exact, since sums in doubles tell no more.
/// </summary>
/// <param name="output">The index of the output; the target is the first.</param>
/// <param name="starts">The first example of each signal, rising; null where each example is one.</param>
public sealed class ScaleInvariantSignalToNoise(int output, ImmutableArray<int>? starts = null)
    : SignalMetric(output, starts)
{
    private const double Least = 1e-12;

    /// <inheritdoc/>
    public override string Name => "SI-SNR";

    private protected override double? Decibels(SignalSums signal)
    {
        (double target, double made, double along) = signal.Centred();
        if (target <= Least * signal.Energy)
            return null;
        if (made <= 0)
            return double.NegativeInfinity;
        double noise = made - along;
        return Ratio(along, noise <= Least * made ? 0 : noise);
    }
}
