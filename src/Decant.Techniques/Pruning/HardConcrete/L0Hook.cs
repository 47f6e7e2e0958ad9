using Decant.Core;
using Decant.Techniques.Groups;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.Pruning.HardConcrete;

/// <summary>Gives weights their gates and adds λ times the expected count of numbers to the loss.</summary>
/// <param name="strength">λ.</param>
/// <param name="groups">What shares a gate, by weight.</param>
/// <param name="start">Where log α begins: for a weight and a count of gates.</param>
internal sealed class L0Hook(double strength, IReadOnlyDictionary<string, WeightGroups> groups, Func<string, long, float[]> start) : TrainingHook
{
    private readonly List<(string Weight, HardConcreteForm Form)> gated = [];

    /// <inheritdoc/>
    public override WeightForm? Form(Weight weight)
    {
        if (!groups.TryGetValue(weight.Name, out WeightGroups? shared)) return null;
        var form = new HardConcreteForm(weight.Encoding, shared, start(weight.Name, shared.Each.Aggregate((a, b) => a * b)));
        gated.Add((weight.Name, form));
        return form;
    }

    /// <inheritdoc/>
    public override void Begin(TrainingNetwork network) => EnsureTrained(network, groups.Keys);

    /// <inheritdoc/>
    public override TorchTensor? Penalty(TrainingStep step)
    {
        TorchTensor? sum = null;
        foreach (var (_, form) in gated)
        {
            TorchTensor part = form.ExpectedCount();
            sum = sum is null ? part : sum.Add(part);
        }
        return sum?.Mul(strength);
    }

    /// <summary>Checks, at the end, that no weight lost all of its numbers.</summary>
    /// <exception cref="TrainingException">One did.</exception>
    public override void AfterEpoch(Func<TrainingCheckpoint> state, EpochMetrics metrics)
    {
        // Before the end gates that are closed can open again.
        if (metrics.Epoch < metrics.Epochs) return;
        using var scope = new TorchScope();
        using var noGrad = new NoGrad();
        foreach (var (weight, form) in gated)
            if (form.Evaluated().CountNonZero().ToInt64() == 0)
                throw new TrainingException($"all gates of weight '{weight}' closed; use a lower 'strength' than {strength:G4}");
    }
}
