using System.Collections.Immutable;
using Decant.Core;
using Decant.Techniques.Statistics;

namespace Decant.Techniques.Pruning;

/// <summary>
/// Says how important numbers of weights are, by themselves or in units that stay or go whole. A larger score is more
/// important; scores are finite and mean something only beside other scores of the same call.
/// </summary>
public abstract record Criterion : NamedOptions
{
    /// <summary>Those that come with Decant, by name.</summary>
    public static IReadOnlyList<Criterion> Shipped { get; } =
    [
        new ZeroActivationCriterion(),
        new NormalizationCriterion(),
        new ChangeCriterion(),
        new EnergyCriterion(),
        new LampCriterion(),
        new LifeLongCriterion(),
        new MagnitudeCriterion(),
        new MeanActivationCriterion(),
        new OptimalBrainDamage(),
        new OptimalBrainSurgeon(),
        new RandomCriterion(),
        new SensitivityCriterion(),
        new SimilarityCriterion(),
        new TaylorCriterion(),
    ];

    /// <summary>Reads one of <see cref="Shipped"/>: its name, or a name with options as obs(samples: 512).</summary>
    /// <exception cref="OptionsException">There is none of that name, or an option is wrong.</exception>
    public static Criterion Parse(string text) => NamedText.Parse(text, Shipped);

    /// <summary>Whether it looks at training images.</summary>
    public virtual bool NeedsData => false;

    /// <summary>Whether it takes gradients, and so needs libtorch.</summary>
    public virtual bool NeedsGradients => false;

    /// <summary>The statistics that scoring every weight of the context will ask for.</summary>
    public virtual IReadOnlyList<StatisticsRequest> Needs(TechniqueContext context) => [];

    /// <summary>The statistics that scoring units will ask for.</summary>
    /// <param name="context">As for <see cref="Score(TechniqueContext, IReadOnlyList{PruningUnit})"/>.</param>
    /// <param name="units">The units.</param>
    public virtual IReadOnlyList<StatisticsRequest> Needs(TechniqueContext context, IReadOnlyList<PruningUnit> units) =>
        NeedsData && !NeedsGradients ? Needs(context with { Weights = WeightsOf(context.Network, units) }) : [];

    /// <summary>How important every number of every weight of the context is.</summary>
    /// <param name="context">The network, its weights, and the images if the criterion needs them.</param>
    /// <returns>By weight name, a score for each decoded number, row-major.</returns>
    /// <exception cref="ModelException">It ranks only units, or a weight cannot be scored; it is named.</exception>
    /// <exception cref="DataException">It needs images and there are none, or they do not fit.</exception>
    public abstract IReadOnlyDictionary<string, float[]> Score(TechniqueContext context);

    /// <summary>How important each unit is: the sum over its numbers, unless the criterion says otherwise.</summary>
    /// <param name="context">As for the other overload, but for its weights: the units name theirs.</param>
    /// <param name="units">The units. The list may make them on demand: it is walked in order, maybe several
    /// times.</param>
    /// <returns>A score for each unit.</returns>
    /// <exception cref="ModelException">A unit cannot be scored; it is named.</exception>
    /// <exception cref="DataException">It needs images and there are none, or they do not fit.</exception>
    public virtual double[] Score(TechniqueContext context, IReadOnlyList<PruningUnit> units) =>
        Sum(Score(context with { Weights = WeightsOf(context.Network, units) }), units, v => v);

    /// <summary>
    /// The numbers of a weight that stay, changed to make up for those that go; null to leave them as they are.
    /// </summary>
    /// <param name="context">What the weight was scored on.</param>
    /// <param name="weight">The weight, before.</param>
    /// <param name="kept">The row-major positions that stay, rising.</param>
    public virtual float[]? Compensate(TechniqueContext context, Weight weight, int[] kept) => null;

    /// <summary>The weights that units have numbers of, in the network's order.</summary>
    protected static IReadOnlyList<Weight> WeightsOf(Network network, IReadOnlyList<PruningUnit> units)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (PruningUnit unit in units)
        foreach (WeightRegion region in unit.Regions)
            names.Add(region.Weight);
        return [.. network.Weights.Where(w => names.Remove(w.Name)), .. names.Select(n => network.Weights[n])];
    }

    /// <summary>A sum for each unit over its numbers.</summary>
    /// <param name="numbers">By weight name, a number for each position.</param>
    /// <param name="units">The units.</param>
    /// <param name="term">What is summed, of each number.</param>
    protected static double[] Sum(
        IReadOnlyDictionary<string, float[]> numbers,
        IReadOnlyList<PruningUnit> units,
        Func<double, double> term
    )
    {
        var sums = new double[units.Count];
        for (int u = 0; u < sums.Length; u++)
            foreach (WeightRegion region in units[u].Regions)
                sums[u] += region.Sum(numbers[region.Weight], term);
        return sums;
    }
}

/// <summary>What stays or goes as a whole: a block, a neuron, a filter, a channel, a layer.</summary>
/// <param name="Name">Unique among the units of a call; for messages and random scores.</param>
/// <param name="Regions">The numbers that a criterion on weights sees.</param>
/// <param name="Values">Where the unit lies in computed values, for criteria on activations; may be empty.</param>
public sealed record PruningUnit(string Name, ImmutableArray<WeightRegion> Regions, ImmutableArray<ValueRegion> Values);

/// <summary>Slices of a computed value along an axis.</summary>
/// <param name="Value">The value's name.</param>
/// <param name="Axis">The axis, from 0 at the batch.</param>
/// <param name="Indices">Which indices of it.</param>
public sealed record ValueRegion(string Value, int Axis, ImmutableArray<int> Indices);

/// <summary>
/// Numbers of a weight in stretches of equal length and distance: a slice along an axis, a block of a matrix, or all.
/// </summary>
/// <param name="Weight">The weight's name.</param>
/// <param name="Offset">The row-major position of the first.</param>
/// <param name="Runs">How many stretches.</param>
/// <param name="Stride">From one stretch's start to the next one's.</param>
/// <param name="Length">Numbers in a stretch.</param>
public readonly record struct WeightRegion(string Weight, int Offset, int Runs, int Stride, int Length)
{
    /// <summary>How many numbers.</summary>
    public int Count => Runs * Length;

    /// <summary>Every element of a weight.</summary>
    public static WeightRegion Whole(Weight weight) =>
        new(weight.Name, 0, 1, weight.Encoding.Count, weight.Encoding.Count);

    /// <summary>Neighbouring indices of a weight along an axis.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="axis">The axis, from 0.</param>
    /// <param name="from">The first index.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="ModelException">The weight has no such axis or indices.</exception>
    public static WeightRegion Slice(Weight weight, int axis, int from, int count = 1)
    {
        Shape shape = weight.Encoding.Shape;
        if (axis < 0 || axis >= shape.Rank || from < 0 || count < 1 || from + count > shape[axis])
            throw new ModelException(
                $"weight '{weight.Name}' of shape {shape} has no indices {from} to {from + count - 1} along axis {axis}"
            );
        int inner = (int)shape.CountFrom(axis + 1),
            outer = weight.Encoding.Count / (inner * shape[axis]);
        return new WeightRegion(weight.Name, from * inner, outer, inner * shape[axis], count * inner);
    }

    /// <summary>A sum over the region.</summary>
    /// <param name="numbers">A number for each position of the weight.</param>
    /// <param name="term">What is summed, of each number.</param>
    public double Sum(ReadOnlySpan<float> numbers, Func<double, double> term)
    {
        double sum = 0;
        for (int run = 0; run < Runs; run++)
            foreach (float v in numbers.Slice(Offset + run * Stride, Length))
                sum += term(v);
        return sum;
    }
}
