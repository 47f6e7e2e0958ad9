using Decant.Core;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.Regularization;

/// <summary>Adds penalties on weights to the loss, or takes their proximal steps after the optimizer's.</summary>
internal sealed class RegularizationHook(RegularizationOptions options, IReadOnlyList<(string Weight, WeightPenalty Penalty)> penalties) : TrainingHook
{
    private double learningRate;

    /// <inheritdoc/>
    public override void Begin(TrainingNetwork network)
    {
        foreach (var (weight, _) in penalties)
            if (!network.Forms.ContainsKey(weight)) throw new ModelException($"weight '{weight}' is not trained, so a regularizer has no effect on it; leave it out of 'weights'");
    }

    /// <inheritdoc/>
    public override TorchTensor? Penalty(TrainingStep step)
    {
        if (options.Proximal) return null;
        TorchTensor? sum = null;
        foreach (var (weight, penalty) in penalties)
        {
            TorchTensor part = penalty.Of(step.Network.Value(weight));
            sum = sum is null ? part : sum.Add(part);
        }
        return sum?.Mul(options.StrengthAt(step.Step, step.Steps));
    }

    /// <inheritdoc/>
    public override void AfterBackward(TrainingStep step) => learningRate = step.LearningRate;

    /// <inheritdoc/>
    public override void AfterStep(TrainingNetwork network, long step, long steps)
    {
        if (!options.Proximal) return;
        double shrink = learningRate * options.StrengthAt(step - 1, steps);
        foreach (var (weight, penalty) in penalties)
        {
            WeightForm form = network.Forms[weight];
            penalty.Shrink(form.Parameter, form.Evaluated(), shrink);
        }
    }
}
