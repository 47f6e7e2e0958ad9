using Decant.Core;
using Decant.Training;

namespace Decant.Techniques.Binarization;

/// <summary>
/// Brings weights to two or three values, one or two bits a number: while a stage trains, or at once where it does not. They become
/// binary and ternary encodings, which the runtime computes on.
/// </summary>
public sealed class Binarization(BinarizationOptions options) : Technique
{
    /// <inheritdoc/>
    public override string Name => "binarization";

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context) => context.Trains ? [] :
    [
        .. context.Weights.Select(w => PlannedChange.OfWeight(w.Name, options.Kind is BinarizationKind.TernaryWeights or BinarizationKind.TrainedTernary ? "to -, 0 and +" : "to its signs", () =>
        {
            using WeightForm form = FormOf(w);
            return form.ToEncoding();
        })),
    ];

    /// <inheritdoc/>
    public override TrainingHook During(TechniqueContext context) => new BinarizationHook(context, options, FormOf);

    private WeightForm FormOf(Weight weight)
    {
        if (weight.Encoding.Count == 0) throw new ModelException($"weight '{weight.Name}' is empty; leave it out of 'weights'");
        Tensor values = FiniteWeights.Of(weight, "binarized");
        return options.Kind switch
        {
            BinarizationKind.BinaryConnect => new BinaryForm(values, (float)options.Scale),
            BinarizationKind.StochasticBinaryConnect => new BinaryForm(values, (float)options.Scale, isDrawn: true),
            BinarizationKind.TernaryWeights => new TernaryForm(values),
            BinarizationKind.TrainedTernary => new TernaryForm(values, options.Threshold, (weight.Encoding as TernaryEncoding) is { Negative.Length: 1 } t ? (t.Negative[0], t.Positive[0]) : null),
            _ => new BinaryForm(values),
        };
    }
}
