using Decant.Core;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.Regularization;

/// <summary>
/// A penalty on weights while the network trains, which drives numbers, neurons, channels, filters or layers to zero:
/// l1, l2, biased decay (Hanson, Pratt 1989), group lasso (Yuan, Lin 2006), DropNeuron's li and lo (Pan, Dong, Guo
/// 2016), structured sparsity learning (Wen et al. 2016).
/// </summary>
public sealed class WeightRegularization(WeightRegularizationOptions options)
    : Technique<WeightRegularizationOptions>(options)
{
    /// <inheritdoc/>
    public override string Name => "regularization";

    /// <inheritdoc/>
    public override bool NeedsTraining => true;

    /// <summary>Changes nothing before training, but says what training will do.</summary>
    /// <exception cref="ModelException">A weight cannot be grouped or has no proximal step; it is named.</exception>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context)
    {
        string how = Options.Proximal ? "proximal steps" : "a penalty";
        return
        [
            .. PenaltiesOf(context)
                .Select(p => new PlannedChange(
                    p.Weight,
                    $"{how} of strength {Options.Strength:G4} ({Words}) while it trains",
                    network => network
                )),
        ];
    }

    /// <inheritdoc/>
    public override TrainingHook During(TechniqueContext context) =>
        new RegularizationHook(Options, PenaltiesOf(context));

    private string Words =>
        Options.Kind switch
        {
            _ when Options.Groups.Count > 0 => string.Join(
                ", ",
                Options.Groups.Select(g => $"{g.Kind.ToString().ToLowerInvariant()}s")
            ),
            RegularizationKind.HansonPratt => "Hanson–Pratt",
            _ => Options.Kind.ToString().ToLowerInvariant(),
        };

    private IReadOnlyList<(string Weight, WeightPenalty Penalty)> PenaltiesOf(TechniqueContext context)
    {
        if (Options.Proximal)
            foreach (Weight w in context.Weights)
                if (w.Encoding is not (DenseEncoding or SparseEncoding))
                    throw new ModelException(
                        $"weight '{w.Name}' is held as '{w.Encoding.Kind}', which has no proximal steps: "
                            + "set 'proximal: false'"
                    );
        return [.. context.Weights.Select(w => (w.Name, WeightPenalty.For(Options, context.Network, w)))];
    }
}

/// <summary>Adds penalties on weights to the loss, or takes their proximal steps after the optimizer's.</summary>
internal sealed class RegularizationHook(
    WeightRegularizationOptions options,
    IReadOnlyList<(string Weight, WeightPenalty Penalty)> penalties
) : TrainingHook
{
    private double learningRate;

    /// <inheritdoc/>
    public override void Begin(TrainingNetwork network)
    {
        foreach (var (weight, _) in penalties)
            if (!network.Parameterizations.ContainsKey(weight))
                throw new ModelException(
                    $"weight '{weight}' is not trained, so a regularizer has no effect on it; leave it out of 'weights'"
                );
    }

    /// <inheritdoc/>
    public override TorchTensor? Penalty(TrainingStep step)
    {
        if (options.Proximal)
            return null;
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
        if (!options.Proximal)
            return;
        double shrink = learningRate * options.StrengthAt(step - 1, steps);
        foreach (var (weight, penalty) in penalties)
        {
            WeightParameterization parameterization = network.Parameterizations[weight];
            penalty.Shrink(parameterization.Parameter, parameterization.Evaluated(), shrink);
        }
    }
}

/// <summary>The penalties on a weight.</summary>
public enum RegularizationKind
{
    /// <summary>Σ |w|.</summary>
    L1,

    /// <summary>Σ w².</summary>
    L2,

    /// <summary>Σ (w/w₀)² / (1 + (w/w₀)²): decay that spares large numbers (Hanson, Pratt 1989).</summary>
    HansonPratt,

    /// <summary>Σ_g c_g ‖w_g‖₂ over groups of one kind (Yuan, Lin 2006).</summary>
    GroupLasso,

    /// <summary>The same over what each neuron reads (Pan, Dong, Guo 2016).</summary>
    DropNeuronIn,

    /// <summary>The same over what reads each neuron (Pan, Dong, Guo 2016).</summary>
    DropNeuronOut,

    /// <summary>The same over filters, channels, filter shapes and layers (Wen et al. 2016).</summary>
    StructuredSparsity,

    /// <summary>Σ |w − q(w)|, q(w) the nearest number on a grid.</summary>
    Grid,

    /// <summary>max w − min w.</summary>
    Range,

    /// <summary>Σ w²·|1 − w²|.</summary>
    Ternary,
}
