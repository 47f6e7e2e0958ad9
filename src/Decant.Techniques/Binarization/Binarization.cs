using Decant.Core;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.Binarization;

/// <summary>
/// Brings weights to two or three values, one or two bits a number: while a stage trains, or at once where it does not.
/// They become binary and ternary encodings, which the runtime computes on.
/// </summary>
public sealed class Binarization(BinarizationOptions options) : Technique
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
                        options.Kind is BinarizationKind.TernaryWeights or BinarizationKind.TrainedTernary
                            ? "to -, 0 and +"
                            : "to its signs",
                        () =>
                        {
                            using WeightForm form = FormOf(w);
                            return form.ToEncoding();
                        }
                    )
                ),
            ];

    /// <inheritdoc/>
    public override TrainingHook During(TechniqueContext context) => new BinarizationHook(context, options, FormOf);

    private WeightForm FormOf(Weight weight)
    {
        if (weight.Encoding.Count == 0)
            throw new ModelException($"weight '{weight.Name}' is empty; leave it out of 'weights'");
        Tensor values = FiniteWeights.Of(weight, "binarized");
        return options.Kind switch
        {
            BinarizationKind.BinaryConnect => new BinaryForm(values, (float)options.Scale),
            BinarizationKind.StochasticBinaryConnect => new BinaryForm(values, (float)options.Scale, isDrawn: true),
            BinarizationKind.TernaryWeights => new TernaryForm(values),
            BinarizationKind.TrainedTernary => new TernaryForm(
                values,
                options.Threshold,
                (weight.Encoding as TernaryEncoding) is { Negative.Length: 1 } t ? (t.Negative[0], t.Positive[0]) : null
            ),
            _ => new BinaryForm(values),
        };
    }
}

/// <summary>Options of binarization.</summary>
/// <param name="Kind">How.</param>
/// <param name="Scale">The constant of BinaryConnect.</param>
/// <param name="Threshold">t of trained ternary: what is below t·max|W| is 0.</param>
/// <param name="Clip">Beyond which magnitude free numbers are held, which BinaryConnect needs; 0 not to.</param>
public sealed record BinarizationOptions(BinarizationKind Kind, double Scale, double Threshold, double Clip)
{
    /// <summary>Reads the options of a recipe.</summary>
    /// <exception cref="DecantException">An option is out of range.</exception>
    public static BinarizationOptions Read(TechniqueOptions options)
    {
        BinarizationKind kind = options.Word(
            "kind",
            "binary-weights",
            "binary-connect",
            "stochastic-binary-connect",
            "ternary-weights",
            "trained-ternary"
        ) switch
        {
            "binary-connect" => BinarizationKind.BinaryConnect,
            "stochastic-binary-connect" => BinarizationKind.StochasticBinaryConnect,
            "ternary-weights" => BinarizationKind.TernaryWeights,
            "trained-ternary" => BinarizationKind.TrainedTernary,
            _ => BinarizationKind.BinaryWeights,
        };
        bool connects = kind is BinarizationKind.BinaryConnect or BinarizationKind.StochasticBinaryConnect;
        double scale = connects ? options.Number("scale", 1e-6, 1e6, 1) : 1;
        return new(
            kind,
            scale,
            kind == BinarizationKind.TrainedTernary
                ? options.Number("threshold", 0, 0.9, TernaryForm.UsualThreshold)
                : 0,
            connects ? options.Number("clip", 0, 1e6, scale) : 0
        );
    }
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
    BinarizationOptions options,
    Func<Weight, WeightForm> formOf
) : TrainingHook
{
    private readonly HashSet<string> selected = [.. context.Weights.Select(w => w.Name)];
    private readonly List<WeightForm> forms = [];

    /// <inheritdoc/>
    public override void Begin(TrainingNetwork network) => EnsureTrained(network, selected);

    /// <inheritdoc/>
    public override WeightForm? Form(Weight weight)
    {
        if (!selected.Contains(weight.Name))
            return null;
        WeightForm form = formOf(weight);
        forms.Add(form);
        return form;
    }

    /// <inheritdoc/>
    public override void AfterStep(TrainingNetwork network, long step, long steps)
    {
        if (options.Clip == 0)
            return;
        foreach (WeightForm form in forms)
            form.Parameter.Clamp_(-options.Clip, options.Clip);
    }
}
