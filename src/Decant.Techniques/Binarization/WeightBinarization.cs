using Decant.Core;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.Binarization;

/// <summary>
/// Brings weights to two or three values, one or two bits a number: while a stage trains, or at once where it does not.
/// They become binary and ternary encodings, which the runtime computes on.
/// </summary>
public sealed class WeightBinarization(WeightBinarizationOptions options)
    : Technique<WeightBinarizationOptions>(options)
{
    /// <inheritdoc/>
    public override string Name => "binarization";

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context) =>
        context.Trains
            ? []
            :
            [
                .. context.Weights.Select(w =>
                    PlannedChange.OfWeight(
                        w.Name,
                        Options.Kind is BinarizationKind.TernaryWeights or BinarizationKind.TrainedTernary
                            ? "to -, 0 and +"
                            : "binarize",
                        () => EncodingOf(w)
                    )
                ),
            ];

    /// <inheritdoc/>
    public override TrainingHook During(TechniqueContext context) =>
        new BinarizationHook(context, Options, ParameterizationOf);

    private Encoding EncodingOf(Weight weight) =>
        Options.Kind switch
        {
            BinarizationKind.BinaryConnect => BinaryParameterization.Encode(ValuesOf(weight), (float)Options.Scale),
            BinarizationKind.StochasticBinaryConnect => new DenseEncoding(ValuesOf(weight)),
            BinarizationKind.TernaryWeights => TernaryParameterization.Encode(ValuesOf(weight)),
            BinarizationKind.TrainedTernary => TernaryParameterization.Encode(
                ValuesOf(weight),
                Options.Threshold,
                LevelsOf(weight)
            ),
            _ => BinaryParameterization.Encode(ValuesOf(weight)),
        };

    private WeightParameterization ParameterizationOf(Weight weight) =>
        Options.Kind switch
        {
            BinarizationKind.BinaryConnect => new BinaryParameterization(ValuesOf(weight), (float)Options.Scale),
            BinarizationKind.StochasticBinaryConnect => new BinaryParameterization(
                ValuesOf(weight),
                (float)Options.Scale,
                isDrawn: true
            ),
            BinarizationKind.TernaryWeights => new TernaryParameterization(ValuesOf(weight)),
            BinarizationKind.TrainedTernary => new TernaryParameterization(
                ValuesOf(weight),
                Options.Threshold,
                LevelsOf(weight)
            ),
            _ => new BinaryParameterization(ValuesOf(weight)),
        };

    private static Tensor ValuesOf(Weight weight) =>
        weight.Encoding.Count > 0
            ? FiniteWeights.Of(weight, "binarized")
            : throw new ModelException($"weight '{weight.Name}' is empty; leave it out of 'weights'");

    private static (float Negative, float Positive)? LevelsOf(Weight weight) =>
        weight.Encoding is TernaryEncoding { Negative.Length: 1 } t ? (t.Negative[0], t.Positive[0]) : null;
}

/// <summary>Options of binarization.</summary>
public sealed record WeightBinarizationOptions : TechniqueOptions
{
    /// <summary>How.</summary>
    public BinarizationKind Kind { get; init; } = BinarizationKind.BinaryWeights;

    /// <summary>The constant of BinaryConnect.</summary>
    [OptionRange(1e-6, 1e6)]
    [OnlyWith(nameof(Kind), BinarizationKind.BinaryConnect, BinarizationKind.StochasticBinaryConnect)]
    public double Scale { get; init; } = 1;

    /// <summary>t of trained ternary: what is below t·max|W| is 0.</summary>
    [Share(0, 0.9)]
    [OnlyWith(nameof(Kind), BinarizationKind.TrainedTernary)]
    public double Threshold { get; init; } = TernaryParameterization.UsualThreshold;

    /// <summary>
    /// The magnitude beyond which trained weights are held, as BinaryConnect needs; 0 not to, null for the scale.
    /// </summary>
    [OptionRange(0, 1e6)]
    [OnlyWith(nameof(Kind), BinarizationKind.BinaryConnect, BinarizationKind.StochasticBinaryConnect)]
    public double? Clip { get; init; }

    /// <summary>The magnitude beyond which trained weights are held; 0 if they are not.</summary>
    internal double Limit =>
        Kind is BinarizationKind.BinaryConnect or BinarizationKind.StochasticBinaryConnect ? Clip ?? Scale : 0;
}

/// <summary>How weights are brought to two or three values.</summary>
public enum BinarizationKind
{
    /// <summary>Each output's mean of |W| times the sign (binary-weight networks: Rastegari et al. 2016).</summary>
    BinaryWeights,

    /// <summary>A constant times the sign (BinaryConnect: Courbariaux, Bengio, David 2015).</summary>
    BinaryConnect,

    /// <summary>
    /// BinaryConnect with signs that are drawn in training; W itself answers outside it, and is kept.
    /// </summary>
    StochasticBinaryConnect,

    /// <summary>−α, 0, +α by a threshold of 0.7 mean|W| (ternary weight networks: Li, Zhang, Liu 2016).</summary>
    TernaryWeights,

    /// <summary>−n, 0, +p, both learned (trained ternary quantization: Zhu et al. 2017).</summary>
    TrainedTernary,
}

/// <summary>
/// Gives selected weights their signs, and holds free numbers within the clip (BinaryConnect, section 2.4).
/// </summary>
internal sealed class BinarizationHook(
    TechniqueContext context,
    WeightBinarizationOptions options,
    Func<Weight, WeightParameterization> parameterizationOf
) : TrainingHook
{
    private readonly HashSet<string> selected = [.. context.Weights.Select(w => w.Name)];
    private readonly List<WeightParameterization> parameterizations = [];

    /// <inheritdoc/>
    public override void Begin(TrainingNetwork network) => EnsureTrained(network, selected);

    /// <inheritdoc/>
    public override WeightParameterization? Parameterize(Weight weight)
    {
        if (!selected.Contains(weight.Name))
            return null;
        WeightParameterization parameterization = parameterizationOf(weight);
        parameterizations.Add(parameterization);
        return parameterization;
    }

    /// <inheritdoc/>
    public override void AfterStep(TrainingNetwork network, long step, long steps)
    {
        if (options.Limit == 0)
            return;
        foreach (WeightParameterization parameterization in parameterizations)
            parameterization.Parameter.Clamp_(-options.Limit, options.Limit);
    }
}
