using Decant.Core;

namespace Decant.Techniques.Pruning;

/// <summary>
/// Says how important numbers of weights are, by themselves or in units that stay or go whole. A larger score is more important; scores
/// are finite and mean something only beside other scores of the same call.
/// </summary>
public abstract class Criterion
{
    /// <summary>The name that recipes call it by.</summary>
    public abstract string Name { get; }

    /// <summary>Whether it looks at training images.</summary>
    public virtual bool NeedsData => false;

    /// <summary>How important every number of every weight of the context is.</summary>
    /// <param name="context">The network, its weights, and the images if the criterion needs them.</param>
    /// <returns>By weight name, a score for each decoded number, row-major.</returns>
    /// <exception cref="ModelException">It ranks only units, or a weight cannot be scored; it is named.</exception>
    /// <exception cref="DataException">It needs images and there are none, or they do not fit.</exception>
    public abstract IReadOnlyDictionary<string, float[]> Score(TechniqueContext context);

    /// <summary>How important each unit is: the sum over its numbers, unless the criterion says otherwise.</summary>
    /// <param name="context">As for the other overload, but for its weights: the units name theirs.</param>
    /// <param name="units">The units. The list may make them on demand: it is walked in order, maybe several times.</param>
    /// <returns>A score for each unit.</returns>
    /// <exception cref="ModelException">A unit cannot be scored; it is named.</exception>
    /// <exception cref="DataException">It needs images and there are none, or they do not fit.</exception>
    public virtual double[] Score(TechniqueContext context, IReadOnlyList<PruningUnit> units) =>
        Sum(Score(context with { Weights = WeightsOf(context.Network, units) }), units, v => v);

    /// <summary>The numbers of a weight that stay, changed to make up for those that go; null to leave them as they are.</summary>
    /// <param name="context">What the weight was scored on.</param>
    /// <param name="weight">The weight, before.</param>
    /// <param name="kept">The row-major positions that stay, rising.</param>
    public virtual float[]? Compensate(TechniqueContext context, Weight weight, int[] kept) => null;

    /// <summary>The weights that units have numbers of, in the network's order.</summary>
    protected static IReadOnlyList<Weight> WeightsOf(Network network, IReadOnlyList<PruningUnit> units)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (PruningUnit unit in units)
            foreach (WeightRegion region in unit.Regions) names.Add(region.Weight);
        return [.. network.Weights.Where(w => names.Remove(w.Name)), .. names.Select(n => network.Weights[n])];
    }

    /// <summary>A sum for each unit over its numbers.</summary>
    /// <param name="numbers">By weight name, a number for each position.</param>
    /// <param name="units">The units.</param>
    /// <param name="term">What is summed, of each number.</param>
    protected static double[] Sum(IReadOnlyDictionary<string, float[]> numbers, IReadOnlyList<PruningUnit> units, Func<double, double> term)
    {
        var sums = new double[units.Count];
        for (int u = 0; u < sums.Length; u++)
            foreach (WeightRegion region in units[u].Regions) sums[u] += region.Sum(numbers[region.Weight], term);
        return sums;
    }
}
