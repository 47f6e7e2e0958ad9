using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Decant.Data;

/// <summary>The mean over examples of the cosine of the angle between an output and its target; 1 where both are
/// zero.</summary>
/// <param name="outputs">The indices of the outputs that are averaged over.</param>
/// <param name="of">The output's name where the network has several; empty else.</param>
/// <param name="standardErrors">How many standard errors of the mean are taken off, for a bound that the mean over
/// other examples keeps.</param>
public sealed class CosineSimilarity(ImmutableArray<int> outputs, string of = "", double standardErrors = 0) : IMetric
{
    private double sum,
        squares;
    private long count;

    /// <inheritdoc/>
    public string Name => FidelityNames.Of("cosine similarity", of);

    /// <inheritdoc/>
    public string Unit => "";

    /// <inheritdoc/>
    public MetricDirection Direction => MetricDirection.HigherIsBetter;

    /// <inheritdoc/>
    public double Value => sum / count - standardErrors * StandardError();

    // Of 1 less the cosine, which is small.
    private double StandardError()
    {
        double mean = 1 - sum / count;
        return Math.Sqrt(Math.Max(0, squares / count - mean * mean) / count);
    }

    /// <inheritdoc/>
    public void Add(ScoredBatch batch)
    {
        foreach (int output in outputs)
        {
            ReadOnlySpan<byte> made = batch.Outputs[output].Bytes(),
                target = batch.Targets[output].Bytes();
            var cosines = new Cosine[batch.Count];
            foreach (ComparedRun run in ComparedRun.Of(batch, output))
                cosines[run.Example]
                    .Add(
                        MemoryMarshal.Cast<byte, float>(run.Made(made)),
                        MemoryMarshal.Cast<byte, float>(run.Target(target))
                    );
            foreach (Cosine cosine in cosines)
            {
                sum += cosine.Value;
                squares += (1 - cosine.Value) * (1 - cosine.Value);
            }
            count += batch.Count;
        }
    }
}

/// <summary>The cosine of the angle between two vectors that come part by part.</summary>
internal struct Cosine
{
    private double product,
        left,
        right;

    /// <summary>1 where both are zero, 0 where one is.</summary>
    public readonly double Value =>
        left == 0 && right == 0 ? 1
        : left == 0 || right == 0 ? 0
        : product / Math.Sqrt(left) / Math.Sqrt(right);

    public void Add(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        for (int i = 0; i < a.Length; i++)
            (product, left, right) = (
                product + (double)a[i] * b[i],
                left + (double)a[i] * a[i],
                right + (double)b[i] * b[i]
            );
    }
}

/// <summary>
/// Signal to quantization noise ratio of an output in dB: 10·log₁₀(Σt² / Σ(t − x)²) over all examples, t the
/// target; infinite where they are equal.
/// </summary>
/// <param name="output">The index of the output and of its target.</param>
/// <param name="of">The output's name where the network has several; empty else.</param>
public sealed class SignalToNoise(int output, string of = "") : IMetric
{
    private double signal,
        noise;

    /// <inheritdoc/>
    public string Name => FidelityNames.Of("SQNR", of);

    /// <inheritdoc/>
    public string Unit => "dB";

    /// <inheritdoc/>
    public MetricDirection Direction => MetricDirection.HigherIsBetter;

    /// <inheritdoc/>
    public double Value => noise == 0 ? double.PositiveInfinity : 10 * Math.Log10(signal / noise);

    /// <inheritdoc/>
    public void Add(ScoredBatch batch)
    {
        ReadOnlySpan<byte> made = batch.Outputs[output].Bytes(),
            target = batch.Targets[output].Bytes();
        foreach (ComparedRun run in ComparedRun.Of(batch, output))
            Add(MemoryMarshal.Cast<byte, float>(run.Made(made)), MemoryMarshal.Cast<byte, float>(run.Target(target)));
    }

    private void Add(ReadOnlySpan<float> made, ReadOnlySpan<float> target)
    {
        for (int i = 0; i < target.Length; i++)
        {
            double t = target[i],
                difference = t - made[i];
            (signal, noise) = (signal + t * t, noise + difference * difference);
        }
    }
}

internal static class FidelityNames
{
    public static string Of(string metric, string output) => output.Length == 0 ? metric : $"{metric} of {output}";
}
