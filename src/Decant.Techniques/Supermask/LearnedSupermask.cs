using Decant.Core;
using Decant.Training;

namespace Decant.Techniques.Supermask;

/// <summary>
/// Learns which weights of a network to keep while none of them changes (Zhou, Lan, Liu, Yosinski 2019, section 5): each number has a
/// score m and is kept with probability sigmoid(m), drawn anew for each step; the scores learn through the draw. Weights that the
/// recipe does not select, such as biases, stay as they are.
/// </summary>
public sealed class LearnedSupermask(SupermaskOptions options) : Technique
{
    /// <inheritdoc/>
    public override string Name => "supermask";

    /// <inheritdoc/>
    public override bool NeedsTraining => true;

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context) => [.. context.Weights.Select(Plan)];

    /// <inheritdoc/>
    public override TrainingHook? During(TechniqueContext context) => new SupermaskHook(context, options);

    private PlannedChange Plan(Weight weight)
    {
        if (weight.Encoding is not (DenseEncoding { Type: ElementType.Float32 } or BinaryEncoding))
            throw new ModelException($"weight '{weight.Name}' is {weight.Encoding.Kind} of {weight.Encoding.Type}; a supermask is learnt on dense floats or binary weights, once");
        string what = $"learn a mask over {weight.Encoding.Count:N0} weights, frozen at ";
        if (options.Values == SupermaskValues.Initial) return new PlannedChange(weight.Name, what + "what they are", network => network);
        float[] values = weight.Encoding.Decode().Array<float>();
        float size = options.Values == SupermaskValues.Shared ? 1 : (float)StandardDeviation(values);
        return PlannedChange.OfWeight(weight.Name, $"{what}their signs × {(options.Values == SupermaskValues.Shared ? "one shared value" : $"{size:0.#####}, their standard deviation")}",
            () => new BinaryEncoding(weight.Encoding.Shape, BinaryEncoding.SignsOf(values), [size]));
    }

    private static double StandardDeviation(float[] values)
    {
        double mean = values.Average(v => (double)v);
        return Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
    }
}
