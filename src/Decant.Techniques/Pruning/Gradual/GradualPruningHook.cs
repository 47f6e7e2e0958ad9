using Decant.Core;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.Pruning.Gradual;

/// <summary>
/// Moves the masks of weights when a level is due. All that it remembers are the masks, which checkpoints hold.
/// </summary>
internal sealed class GradualPruningHook(GradualPruningOptions options, IReadOnlyList<string> weights) : TrainingHook
{
    private readonly List<MaskedWeight> masked = [];

    /// <inheritdoc/>
    public override WeightParameterization? Parameterize(Weight weight)
    {
        if (!weights.Contains(weight.Name, StringComparer.Ordinal))
            return null;
        masked.Add(
            new MaskedWeight(weight.Name, new MovingMaskParameterization(weight.Encoding, straightThrough: false))
        );
        return masked[^1].Parameterization;
    }

    /// <inheritdoc/>
    public override void Begin(TrainingNetwork network) => EnsureTrained(network, weights);

    /// <inheritdoc/>
    public override void BeforeStep(TrainingNetwork network, long step, long steps)
    {
        if (step == 0)
            Prune(0, steps);
    }

    /// <inheritdoc/>
    public override void AfterStep(TrainingNetwork network, long step, long steps) => Prune(step, steps);

    private void Prune(long done, long steps)
    {
        if (options.Due(done, steps) is not { } level)
            return;
        if (options.Scope == PruningScope.Global)
            Prune(masked, level);
        else
            foreach (MaskedWeight weight in masked)
                Prune([weight], level);
    }

    /// <summary>Keeps the largest of the remaining weights, round(n · (1 − level)) of all n.</summary>
    private static void Prune(IReadOnlyList<MaskedWeight> weights, double level)
    {
        float[][] magnitudes = [.. weights.Select(w => w.Magnitudes())];
        long kept = (long)Math.Round(weights.Sum(w => w.Parameterization.Mask.ElementCount) * (1 - level));
        if (kept >= magnitudes.Sum(m => (long)Selection.Left(m)))
            return;
        int[][] places = Selection.Largest(magnitudes, kept);
        for (int i = 0; i < weights.Count; i++)
        {
            if (places[i].Length == 0)
                throw new ModelException(
                    $"weight '{weights[i].Name}' would be pruned to nothing (level "
                        + $"{level:0.####}{(weights.Count > 1 ? " of all weights together" : "")}); use a "
                        + $"lower level{(weights.Count > 1 ? " or 'scope: layer'" : "")}"
                );
            weights[i].Keep(places[i]);
        }
    }

    private sealed record MaskedWeight(string Name, MovingMaskParameterization Parameterization)
    {
        /// <summary>The magnitudes of the numbers that are left; the others are gone.</summary>
        public float[] Magnitudes()
        {
            float[] numbers = Parameterization.Parameter.ToArray<float>(),
                mask = Parameterization.Mask.ToArray<float>();
            for (int i = 0; i < numbers.Length; i++)
                numbers[i] = mask[i] == 0 ? Selection.Gone : Math.Abs(numbers[i]);
            return numbers;
        }

        /// <summary>Keeps the numbers at some positions.</summary>
        public void Keep(ReadOnlySpan<int> positions)
        {
            var mask = new float[Parameterization.Mask.ElementCount];
            foreach (int p in positions)
                mask[p] = 1;
            Parameterization.SetMask(TorchTensor.From<float>(mask, Parameterization.Mask.Shape));
        }
    }
}
