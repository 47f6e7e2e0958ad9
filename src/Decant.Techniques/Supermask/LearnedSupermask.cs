using System.Globalization;
using Decant.Core;
using Decant.Training;

namespace Decant.Techniques.Supermask;

/// <summary>
/// Learns which weights of a network to keep while none of them changes (Zhou, Lan, Liu, Yosinski 2019, section 5):
/// each number has a score m and is kept with probability sigmoid(m), drawn anew for each step; the scores learn
/// through the draw. Weights that the recipe does not select, such as biases, stay as they are.
/// </summary>
public sealed class LearnedSupermask(SupermaskOptions options) : Technique<SupermaskOptions>(options)
{
    /// <inheritdoc/>
    public override string Name => "supermask";

    /// <inheritdoc/>
    public override bool NeedsTraining => true;

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context) => [.. context.Weights.Select(Plan)];

    /// <inheritdoc/>
    public override TrainingHook? During(TechniqueContext context) => new SupermaskHook(context, Options);

    private PlannedChange Plan(Weight weight)
    {
        if (weight.Encoding is not (DenseEncoding { Type: ElementType.Float32 } or BinaryEncoding))
            throw new ModelException(
                $"weight '{weight.Name}' is {weight.Encoding.Kind} of {weight.Encoding.Type}; a supermask "
                    + "is learnt on dense floats or binary weights, once"
            );
        string what = $"learn a mask over {weight.Encoding.Count:N0} weights, frozen at ";
        if (Options.Values == SupermaskValues.Initial)
            return new PlannedChange(weight.Name, what + "what they are", network => network);
        float[] values = weight.Encoding.Decode().Array<float>();
        float size = Options.Values == SupermaskValues.Shared ? 1 : (float)StandardDeviation(values);
        string scale =
            Options.Values == SupermaskValues.Shared
                ? "one value for all"
                : $"{size:0.#####}, their standard deviation";
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
public sealed record SupermaskOptions : TechniqueOptions
{
    private const double MostShared = 100;

    /// <summary>What the weights are held at.</summary>
    public SupermaskValues Values { get; init; } = SupermaskValues.Initial;

    /// <summary>Whether what is kept is multiplied by the count of weights over the count kept.</summary>
    public bool Rescale { get; init; }

    /// <summary>How the result's mask follows from the probabilities.</summary>
    public SupermaskChoice Mask { get; init; } = SupermaskChoice.Threshold;

    /// <summary>The lowest shared value; values are drawn evenly between this and <see cref="High"/>.</summary>
    [OptionRange(-MostShared, MostShared)]
    [OnlyWith(nameof(Values), SupermaskValues.Shared)]
    public double Low { get; init; } = -2;

    /// <summary>The highest shared value.</summary>
    [OptionRange(-MostShared, MostShared)]
    [OnlyWith(nameof(Values), SupermaskValues.Shared)]
    public double High { get; init; } = 2;

    /// <inheritdoc/>
    public override void Validate()
    {
        if (Low > High)
            throw new OptionsException(
                "high",
                string.Create(CultureInfo.InvariantCulture, $"'low: {Low}' is above 'high: {High}'")
            );
    }
}

/// <summary>How a mask follows from the probabilities that were learned.</summary>
public enum SupermaskChoice
{
    /// <summary>Weights of a probability above one half are kept.</summary>
    Threshold,

    /// <summary>Each weight is kept with its probability.</summary>
    Sampled,
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
    public override WeightParameterization? Parameterize(Weight weight) =>
        selected.Contains(weight.Name)
            ? new SupermaskParameterization(weight, options, Rng.For(context.Seed, "supermask", weight.Name), () =>
                Factor
            )
            : new FrozenParameterization(weight.Encoding);

    /// <inheritdoc/>
    public override void BeforeStep(TrainingNetwork network, long step, long steps)
    {
        if (options.Values == SupermaskValues.Shared)
            Factor = Rng.For(context.Seed, "shared", step).NextDouble(options.Low, options.High);
    }
}
