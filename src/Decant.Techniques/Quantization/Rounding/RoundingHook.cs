using Decant.Core;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.Quantization;

/// <summary>
/// Lets roundings learn, and draws them to 0 and 1: λ·mean(1 − |2h − 1|^β), β falling from 20 to 2 (AdaRound, equation 24), so that they
/// are free at first and decided at the end.
/// </summary>
internal sealed class RoundingHook(TechniqueContext context, AdaptiveRoundingOptions options) : TrainingHook
{
    private const double FirstPower = 20, LastPower = 2;

    private readonly HashSet<string> selected = [.. context.Weights.Select(w => w.Name)];
    private readonly List<RoundingForm> forms = [];
    private double progress;

    /// <inheritdoc/>
    public override WeightForm? Form(Weight weight)
    {
        if (!selected.Contains(weight.Name)) return new FrozenForm(weight.Encoding);
        var form = new RoundingForm(weight.Encoding.Decode(), options.Weights.Encode(context.Network, weight));
        forms.Add(form);
        return form;
    }

    /// <inheritdoc/>
    public override void Begin(TrainingNetwork network) => EnsureTrained(network, selected);

    /// <inheritdoc/>
    public override void BeforeStep(TrainingNetwork network, long step, long steps) => progress = (double)step / Math.Max(1, steps);

    /// <inheritdoc/>
    public override TorchTensor? Penalty(TrainingStep step)
    {
        if (progress < options.FreeShare || options.Penalty == 0) return null;
        double done = (progress - options.FreeShare) / (1 - options.FreeShare);
        double power = LastPower + (FirstPower - LastPower) * (1 + Math.Cos(Math.PI * done)) / 2, count = forms.Sum(f => f.Parameter.ElementCount);
        TorchTensor? sum = null;
        foreach (RoundingForm form in forms)
        {
            TorchTensor undecided = form.Shares().Mul(2).Sub(1).Abs().Pow(power).Neg().Add(1).Sum().Mul(options.Penalty / count);
            sum = sum is null ? undecided : sum.Add(undecided);
        }
        return sum;
    }
}
