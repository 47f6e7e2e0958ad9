using Decant.Core;
using Decant.Training;

namespace Decant.Techniques.Supermask;

/// <summary>
/// Learns which weights of a network to keep while none of them changes (Zhou, Lan, Liu, Yosinski 2019, section 5):
/// each number has a score m and is kept with probability sigmoid(m), drawn anew for each step; the scores learn
/// through the draw. Weights that the recipe does not select, such as biases, stay as they are.
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
            throw new ModelException(
                $"weight '{weight.Name}' is {weight.Encoding.Kind} of {weight.Encoding.Type}; a supermask "
                    + "is learnt on dense floats or binary weights, once"
            );
        string what = $"learn a mask over {weight.Encoding.Count:N0} weights, frozen at ";
        if (options.Values == SupermaskValues.Initial)
            return new PlannedChange(weight.Name, what + "what they are", network => network);
        float[] values = weight.Encoding.Decode().Array<float>();
        float size = options.Values == SupermaskValues.Shared ? 1 : (float)StandardDeviation(values);
        string scale =
            options.Values == SupermaskValues.Shared ? "one shared value" : $"{size:0.#####}, their standard deviation";
        return PlannedChange.OfWeight(weight.Name, $"{what}their signs × {scale}", () =>
            new BinaryEncoding(weight.Encoding.Shape, BinaryEncoding.SignsOf(values), [size])
        );
    }

    private static double StandardDeviation(float[] values)
    {
        double mean = values.Average(v => (double)v);
        return Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
    }
}

/// <summary>Options of supermasks.</summary>
/// <param name="Values">What the weights are held at.</param>
/// <param name="Rescale">Whether what is kept is multiplied by the count of the weight's numbers over the count
/// kept.</param>
/// <param name="Sampled">Whether the result's mask is drawn, each number kept with its probability; else those of more
/// than one half are kept.</param>
/// <param name="Low">The lowest shared value.</param>
/// <param name="High">The highest shared value; values are drawn evenly between the two.</param>
public sealed record SupermaskOptions(SupermaskValues Values, bool Rescale, bool Sampled, double Low, double High)
{
    private const double MostShared = 100;

    /// <summary>Reads the options of a recipe.</summary>
    /// <exception cref="DecantException">One is wrong, or has no effect.</exception>
    public static SupermaskOptions Read(TechniqueOptions options)
    {
        SupermaskValues values = options.Word("values", "initial", "signed-constant", "shared") switch
        {
            "signed-constant" => SupermaskValues.SignedConstant,
            "shared" => SupermaskValues.Shared,
            _ => SupermaskValues.Initial,
        };
        var result = new SupermaskOptions(
            values,
            options.Word("rescale", "false", "true") == "true",
            options.Word("mask", "threshold", "sampled") == "sampled",
            options.Number("low", -MostShared, MostShared, -2),
            options.Number("high", -MostShared, MostShared, 2)
        );
        if (values != SupermaskValues.Shared && (options.Has("low") || options.Has("high")))
            throw options.Error(
                options.Has("low") ? "low" : "high",
                "'low' and 'high' have an effect with 'values: shared' only"
            );
        return result.Low <= result.High
            ? result
            : throw options.Error("high", $"'low: {result.Low}' is above 'high: {result.High}'");
    }
}

/// <summary>What the weights under a mask are held at.</summary>
public enum SupermaskValues
{
    /// <summary>As they are.</summary>
    Initial,

    /// <summary>Their signs × the standard deviation of the weight.</summary>
    SignedConstant,

    /// <summary>
    /// Their signs × one value that all masked weights share, drawn anew for each step; 1 in the result (after Gaier
    /// and Ha 2019).
    /// </summary>
    Shared,
}

/// <summary>Gives selected weights a mask that learns, and holds all others still.</summary>
internal sealed class SupermaskHook(TechniqueContext context, SupermaskOptions options) : TrainingHook
{
    private readonly HashSet<string> selected = [.. context.Weights.Select(w => w.Name)];

    /// <summary>What weights are multiplied by in this step.</summary>
    public double Factor { get; private set; } = 1;

    /// <inheritdoc/>
    public override WeightForm? Form(Weight weight) =>
        selected.Contains(weight.Name)
            ? new SupermaskForm(weight, options, Rng.For(context.Seed, "supermask", weight.Name), () => Factor)
            : new FrozenForm(weight.Encoding);

    /// <inheritdoc/>
    public override void BeforeStep(TrainingNetwork network, long step, long steps)
    {
        if (options.Values == SupermaskValues.Shared)
            Factor = Rng.For(context.Seed, "shared", step).NextDouble(options.Low, options.High);
    }
}
