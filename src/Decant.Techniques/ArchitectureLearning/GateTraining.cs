using Decant.Core;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.ArchitectureLearning;

/// <summary>
/// Trains gates: λ1 Σ w(1 − w) + λ2 Σ d(1 − d) + λ3 Σ w − λ4 Σ d is added to the loss, and w and d are
/// held between 0 and 1.
/// </summary>
internal sealed class GateTraining(LearnedArchitectureOptions options, IReadOnlyList<Gate> gates) : TrainingHook
{
    private readonly HashSet<string> widths = [.. gates.Select(g => g.Width)],
        depths = [.. gates.Where(g => g.Depth is not null).Select(g => g.Depth!)];

    /// <inheritdoc/>
    public override WeightParameterization? Parameterize(Weight weight) =>
        widths.Contains(weight.Name) || depths.Contains(weight.Name) ? new GateParameterization(weight.Encoding) : null;

    /// <inheritdoc/>
    public override TorchTensor? Penalty(TrainingStep step)
    {
        TorchTensor? sum = null;
        foreach (string width in widths)
        {
            TorchTensor w = step.Network.Parameterizations[width].Parameter;
            Add(
                Binary(w, options.Lambda1, options.Target is { } target && Open(w) <= target ? 0 : options.OfNarrowness)
            );
        }
        foreach (string depth in depths)
            Add(Binary(step.Network.Parameterizations[depth].Parameter, options.OfBinaryDepths, -options.OfLinearity));
        return sum;
        void Add(TorchTensor term) => sum = sum is null ? term : sum.Add(term);
    }

    /// <inheritdoc/>
    public override void AfterStep(TrainingNetwork network, long step, long steps)
    {
        foreach (string name in widths.Concat(depths))
            network.Parameterizations[name].Parameter.Clamp_(0, 1);
    }

    /// <summary>binary · Σ v(1 − v) + pull · Σ v.</summary>
    private static TorchTensor Binary(TorchTensor v, double binary, double pull) =>
        v.Mul(binary + pull).Sub(v.Mul(v).Mul(binary)).Sum();

    private static int Open(TorchTensor widths)
    {
        int open = 0;
        foreach (float w in widths.ToArray<float>())
            if (w >= SettleArchitecture.Threshold)
                open++;
        return open;
    }
}
