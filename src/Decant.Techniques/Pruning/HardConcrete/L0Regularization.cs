using Decant.Core;
using Decant.Techniques.Groups;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.Pruning.HardConcrete;

/// <summary>
/// Learns which numbers or groups to keep: gates of the hard concrete distribution on them and a penalty on how many
/// are expected to be open (Louizos, Welling, Kingma 2018).
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
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context) =>
        [
            .. context.Weights.Select(w =>
            {
                long gates = GroupsOf(context.Network, w).Each.Aggregate((a, b) => a * b);
                return new PlannedChange(
                    w.Name,
                    $"{gates:N0} gates, strength {options.Strength:G4}, while it trains",
                    network => network
                );
            }),
        ];

    /// <inheritdoc/>
    public override TrainingHook During(TechniqueContext context) =>
        new L0Hook(
            options.Strength,
            context.Weights.ToDictionary(w => w.Name, w => GroupsOf(context.Network, w)),
            (w, count) => Start(w, count, context.Round)
        );

    private WeightGroups GroupsOf(Network network, Weight weight)
    {
        if (weight.Encoding is not (SparseEncoding or DenseEncoding { Type: ElementType.Float32 }))
            throw new ModelException(
                $"weight '{weight.Name}' is {weight.Encoding.Kind} of {weight.Encoding.Type}; gates go on "
                    + "dense or sparse floats: use them before sharing"
            );
        if (options.Over is { } over)
            return WeightAxes.Of(network, weight).By(over);
        return new WeightGroups([.. weight.Encoding.Shape.Dims.Select(d => (long)d)], []);
    }

    /// <summary>log α ~ N(log(1 − δ) − log δ, 0.01²), as the paper begins.</summary>
    private float[] Start(string weight, long count, int round)
    {
        Rng rng = Rng.For(seed, "hard-concrete", weight, round);
        double mean = Math.Log(1 - options.DropRate) - Math.Log(options.DropRate);
        var start = new float[count];
        for (int i = 0; i < start.Length; i++)
            start[i] = (float)(mean + StartDeviation * rng.NextNormal());
        return start;
    }
}

/// <summary>Options of L0 regularization.</summary>
/// <param name="Strength">λ, the factor of the expected count of numbers in the loss.</param>
/// <param name="Over">What shares a gate; null for each number its own.</param>
/// <param name="DropRate">How likely a gate is closed at first, as the paper sets log α.</param>
public sealed record L0Options(double Strength, GroupKind? Over, double DropRate)
{
    /// <summary>Reads the options of a recipe.</summary>
    /// <exception cref="DecantException">An option is out of range.</exception>
    public static L0Options Read(TechniqueOptions options) =>
        new(
            options.Number("strength", 0, 1e6),
            options.Word("over", "weight", "neuron", "channel", "filter") switch
            {
                "neuron" or "filter" => GroupKind.Neuron,
                "channel" => GroupKind.Channel,
                _ => null,
            },
            options.Number("drop-rate", 0.001, 0.999, 0.1)
        );
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
    private readonly List<(string Weight, HardConcreteForm Form)> gated = [];

    /// <inheritdoc/>
    public override WeightForm? Form(Weight weight)
    {
        if (!groups.TryGetValue(weight.Name, out WeightGroups? shared))
            return null;
        var form = new HardConcreteForm(
            weight.Encoding,
            shared,
            start(weight.Name, shared.Each.Aggregate((a, b) => a * b))
        );
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
        if (metrics.Epoch < metrics.Epochs)
            return;
        using var scope = new TorchScope();
        using var noGrad = new NoGrad();
        foreach (var (weight, form) in gated)
            if (form.Evaluated().CountNonZero().ToInt64() == 0)
                throw new TrainingException(
                    $"all gates of weight '{weight}' closed; use a lower 'strength' than {strength:G4}"
                );
    }
}
