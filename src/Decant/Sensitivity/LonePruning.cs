using System.Globalization;
using Decant.Core;
using Decant.Recipes;
using Decant.Techniques;
using Decant.Training.Data;

namespace Decant.Sensitivity;

/// <summary>Prunes one weight of a network alone, through the technique that a recipe would use.</summary>
internal sealed class LonePruning
{
    /// <summary>The technique, by its name in recipes.</summary>
    public const string Technique = "magnitude-pruning";

    private readonly SensitivityOptions options;
    private readonly Preprocessing preprocessing;
    private readonly Dataset data;

    /// <summary>Selects what is pruned.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">What to prune, and how.</param>
    /// <param name="data">Training images that techniques may look at.</param>
    /// <param name="preprocessing">The pixel arithmetic.</param>
    /// <exception cref="DecantException">A pattern matches nothing, or the criterion is not known.</exception>
    public LonePruning(Network network, SensitivityOptions options, Dataset data, Preprocessing preprocessing)
    {
        (this.options, this.data, this.preprocessing) = (options, data, preprocessing);
        Weights = WeightPatterns.Select(network, options.Weights, message => new DecantException(message));
        if (Weights.Count == 0) throw new DecantException("the network has no weight with two axes or more; name weights with --weights");
        _ = Make(0.5);
    }

    /// <summary>What is pruned, one at a time, in the network's order.</summary>
    public IReadOnlyList<Weight> Weights { get; }

    /// <summary>The network with one weight pruned to a level.</summary>
    public Network Prune(Network network, string weight, double level)
    {
        var context = new TechniqueContext(network, [network.Weights[weight]]) { Seed = options.Seed, Data = data, Preprocessing = preprocessing };
        foreach (PlannedChange change in Make(level).Plan(context)) network = change.Apply(network);
        return network;
    }

    /// <summary>Whether a level leaves any number of a weight.</summary>
    public static bool Leaves(Weight weight, double level) => Math.Round(weight.Encoding.Count * (1 - level)) >= 1;

    private Technique Make(double level)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["level"] = level.ToString("R", CultureInfo.InvariantCulture) };
        if (options.Criterion is { } criterion) values["criterion"] = criterion;
        return TechniqueCatalogue.Create(Technique, new TechniqueOptions(values, (_, message) => new DecantException($"{Technique}: {message}")), options.Seed);
    }
}
