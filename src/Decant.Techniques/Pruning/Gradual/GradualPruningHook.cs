using Decant.Core;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.Pruning.Gradual;

/// <summary>Moves the masks of weights when a level is due. All that it remembers are the masks, which checkpoints hold.</summary>
internal sealed class GradualPruningHook(GradualPruningOptions options, IReadOnlyList<string> weights) : TrainingHook
{
    private readonly List<MaskedWeight> masked = [];

    /// <inheritdoc/>
    public override WeightForm? Form(Weight weight)
    {
        if (!weights.Contains(weight.Name)) return null;
        masked.Add(new MaskedWeight(weight.Name, new MovingMaskForm(weight.Encoding, straightThrough: false)));
        return masked[^1].Form;
    }

    /// <inheritdoc/>
    public override void Begin(TrainingNetwork network)
    {
        foreach (string weight in weights)
            if (!network.Forms.TryGetValue(weight, out var form) || masked.TrueForAll(m => m.Form != form))
                throw new ModelException($"weight '{weight}' is not trained, or another technique of the stage masks it: give it one of them");
    }

    /// <inheritdoc/>
    public override void BeforeStep(TrainingNetwork network, long step, long steps)
    {
        if (step == 0) Prune(0, steps);
    }

    /// <inheritdoc/>
    public override void AfterStep(TrainingNetwork network, long step, long steps) => Prune(step, steps);

    private void Prune(long done, long steps)
    {
        if (options.Due(done, steps) is not { } level) return;
        if (options.Scope == PruningScope.Global) Prune(masked, level);
        else foreach (MaskedWeight weight in masked) Prune([weight], level);
    }

    /// <summary>Keeps the largest of the numbers that are left, round(n · (1 − level)) of all n.</summary>
    private static void Prune(IReadOnlyList<MaskedWeight> weights, double level)
    {
        int[][] left = [.. weights.Select(w => w.Left())];
        float[] numbers = [.. weights.SelectMany((w, i) => w.At(left[i]))];
        int kept = (int)Math.Round(weights.Sum(w => w.Form.Mask.ElementCount) * (1 - level));
        if (kept >= numbers.Length) return;
        ReadOnlySpan<int> places = Selection.Largest([Array.ConvertAll(numbers, Math.Abs)], kept)[0];
        for (int i = 0, start = 0; i < weights.Count; start += left[i++].Length)
        {
            int n = 0;
            while (n < places.Length && places[n] < start + left[i].Length) n++;
            if (n == 0) throw new ModelException($"weight '{weights[i].Name}' would be pruned to nothing (level {level:0.####}{(weights.Count > 1 ? " of all weights together" : "")}); use a lower level{(weights.Count > 1 ? " or 'scope: layer'" : "")}");
            weights[i].Keep(left[i], places[..n], start);
            places = places[n..];
        }
    }

    private sealed record MaskedWeight(string Name, MovingMaskForm Form)
    {
        /// <summary>The positions of the numbers that are left.</summary>
        public int[] Left()
        {
            float[] mask = Form.Mask.ToArray<float>();
            return [.. Enumerable.Range(0, mask.Length).Where(i => mask[i] != 0)];
        }

        public float[] At(int[] positions)
        {
            float[] all = Form.Parameter.ToArray<float>();
            return Array.ConvertAll(positions, p => all[p]);
        }

        /// <summary>Keeps those of the positions whose places, counted from a start, are given.</summary>
        public void Keep(int[] positions, ReadOnlySpan<int> places, int start)
        {
            var mask = new float[Form.Mask.ElementCount];
            foreach (int place in places) mask[positions[place - start]] = 1;
            Form.SetMask(TorchTensor.From<float>(mask, Form.Mask.Shape));
        }
    }
}
