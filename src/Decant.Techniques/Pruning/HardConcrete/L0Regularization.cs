using Decant.Core;
using Decant.Techniques.Groups;
using Decant.Training;

namespace Decant.Techniques.Pruning.HardConcrete;

/// <summary>
/// Learns which numbers or groups to keep: gates of the hard concrete distribution on them and a penalty on how many are expected to be
/// open (Louizos, Welling, Kingma 2018).
/// </summary>
public sealed class L0Regularization(L0Options options, ulong seed) : Technique
{
    private const double StartDeviation = 0.01;

    /// <inheritdoc/>
    public override string Name => "l0-regularization";

    /// <inheritdoc/>
    public override bool NeedsTraining => true;

    /// <summary>Changes nothing before training, but says what training will do.</summary>
    /// <exception cref="ModelException">A weight cannot have gates; it is named.</exception>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context) => [.. context.Weights.Select(w =>
    {
        long gates = GroupsOf(context.Network, w).Each.Aggregate((a, b) => a * b);
        return new PlannedChange(w.Name, $"{gates:N0} gates, strength {options.Strength:G4}, while it trains", network => network);
    })];

    /// <inheritdoc/>
    public override TrainingHook During(TechniqueContext context) =>
        new L0Hook(options.Strength, context.Weights.ToDictionary(w => w.Name, w => GroupsOf(context.Network, w)), (w, count) => Start(w, count, context.Round));

    private WeightGroups GroupsOf(Network network, Weight weight)
    {
        if (weight.Encoding is not (SparseEncoding or DenseEncoding { Type: ElementType.Float32 }))
            throw new ModelException($"weight '{weight.Name}' is {weight.Encoding.Kind} of {weight.Encoding.Type}; gates go on dense or sparse floats: use them before sharing");
        if (options.Over is { } over) return WeightAxes.Of(network, weight).By(over);
        return new WeightGroups([.. weight.Encoding.Shape.Dims.Select(d => (long)d)], []);
    }

    /// <summary>log α ~ N(log(1 − δ) − log δ, 0.01²), as the paper begins.</summary>
    private float[] Start(string weight, long count, int round)
    {
        Rng rng = Rng.For(seed, "hard-concrete", weight, round);
        double mean = Math.Log(1 - options.DropRate) - Math.Log(options.DropRate);
        var start = new float[count];
        for (int i = 0; i < start.Length; i++) start[i] = (float)(mean + StartDeviation * rng.NextNormal());
        return start;
    }
}
