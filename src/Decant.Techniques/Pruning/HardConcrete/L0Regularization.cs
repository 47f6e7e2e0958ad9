using Decant.Core;
using Decant.Techniques.Groups;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.Pruning.HardConcrete;

/// <summary>
/// Learns which numbers or groups to keep: gates of the hard concrete distribution on them and a penalty on how many
/// are expected to be open (Louizos, Welling, Kingma 2018).
/// </summary>
public sealed class L0Regularization(L0RegularizationOptions options) : Technique<L0RegularizationOptions>(options)
{
    private const double StartDeviation = 0.01;

    /// <inheritdoc/>
    public override string Name => "l0-regularization";

    /// <inheritdoc/>
    public override bool NeedsTraining => true;

    /// <summary>Changes nothing before training, but says what training will do.</summary>
    /// <exception cref="ModelException">A weight cannot have gates; it is named.</exception>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context) =>
        [
            .. context.Weights.Select(w =>
            {
                long gates = GroupsOf(context.Network, w).Each.Aggregate((a, b) => a * b);
                return new PlannedChange(
                    w.Name,
                    $"{gates:N0} gates, strength {Options.Strength:G4}, while it trains",
                    network => network
                );
            }),
        ];

    /// <inheritdoc/>
    public override TrainingHook During(TechniqueContext context) =>
        new L0Hook(
            Options.Strength,
            context.Weights.ToDictionary(w => w.Name, w => GroupsOf(context.Network, w), StringComparer.Ordinal),
            (w, count) => Start(w, count, context)
        );

    private WeightGroups GroupsOf(Network network, Weight weight)
    {
        if (weight.Encoding is not (SparseEncoding or DenseEncoding { Type: ElementType.Float32 }))
            throw new ModelException(
                $"weight '{weight.Name}' is {weight.Encoding.Kind} of {weight.Encoding.Type}; gates take "
                    + "dense or sparse floats: use them before clustering"
            );
        if (Options.Over != GateUnit.Weight)
            return WeightAxes
                .Of(network, weight)
                .By(Options.Over == GateUnit.Neuron ? GroupKind.Neuron : GroupKind.Channel);
        return new WeightGroups([.. weight.Encoding.Shape.Dims.Select(d => (long)d)], []);
    }

    /// <summary>log α ~ N(log(1 − δ) − log δ, 0.01²), as the paper begins.</summary>
    private float[] Start(string weight, long count, TechniqueContext context)
    {
        Rng rng = Rng.For(context.Seed, "hard-concrete", weight, context.Round);
        double mean = Math.Log(1 - Options.DropRate) - Math.Log(Options.DropRate);
        var start = new float[count];
        for (int i = 0; i < start.Length; i++)
            start[i] = (float)(mean + StartDeviation * rng.NextNormal());
        return start;
    }
}

/// <summary>Options of L0 regularization.</summary>
public sealed record L0RegularizationOptions : TechniqueOptions
{
    /// <summary>λ, the factor of the expected count of weights in the loss.</summary>
    [OptionRange(0, 1e6)]
    public required double Strength { get; init; }

    /// <summary>What shares a gate.</summary>
    public GateUnit Over { get; init; } = GateUnit.Weight;

    /// <summary>How likely a gate is closed at first, as the paper sets log α.</summary>
    [Share(0.001, 0.999)]
    public double DropRate { get; init; } = 0.1;
}

/// <summary>What shares a gate of L0 regularization.</summary>
public enum GateUnit
{
    /// <summary>Nothing: each weight has its own.</summary>
    Weight,

    /// <summary>All that one neuron or filter computes with.</summary>
    [Alias("filter")]
    Neuron,

    /// <summary>All that reads one input channel or input neuron.</summary>
    Channel,
}

/// <summary>Gives weights their gates and adds λ times the expected count of numbers to the loss.</summary>
/// <param name="strength">λ.</param>
/// <param name="groups">What shares a gate, by weight.</param>
/// <param name="start">Where log α begins: for a weight and a count of gates.</param>
internal sealed class L0Hook(
    double strength,
    IReadOnlyDictionary<string, WeightGroups> groups,
    Func<string, long, float[]> start
) : TrainingHook
{
    private readonly List<(string Weight, HardConcreteParameterization Parameterization)> gated = [];

    /// <inheritdoc/>
    public override WeightParameterization? Parameterize(Weight weight)
    {
        if (!groups.TryGetValue(weight.Name, out WeightGroups? shared))
            return null;
        var parameterization = new HardConcreteParameterization(
            weight.Encoding,
            shared,
            start(weight.Name, shared.Each.Aggregate((a, b) => a * b))
        );
        gated.Add((weight.Name, parameterization));
        return parameterization;
    }

    /// <inheritdoc/>
    public override void Begin(TrainingNetwork network) => EnsureTrained(network, groups.Keys);

    /// <inheritdoc/>
    public override TorchTensor? Penalty(TrainingStep step)
    {
        TorchTensor? sum = null;
        foreach (var (_, parameterization) in gated)
        {
            TorchTensor part = parameterization.ExpectedCount();
            sum = sum is null ? part : sum.Add(part);
        }
        return sum?.Mul(strength);
    }

    /// <summary>Checks, at the end, that no weight lost all of its numbers.</summary>
    /// <exception cref="TrainingException">One did.</exception>
    public override void AfterEpoch(Func<TrainingCheckpoint> state, EpochMetrics metrics)
    {
        // Before the end gates that are closed can open again.
        if (metrics.Epoch < metrics.Epochs)
            return;
        using var scope = new TorchScope();
        using var noGrad = new NoGrad();
        foreach (var (weight, parameterization) in gated)
            if (parameterization.Evaluated().CountNonZero().ToInt64() == 0)
                throw new TrainingException(
                    $"all gates of weight '{weight}' closed; use a lower 'strength' than {strength:G4}"
                );
    }
}
