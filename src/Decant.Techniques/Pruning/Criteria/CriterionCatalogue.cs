using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Techniques.Pruning;

/// <summary>Every criterion there is: one line each.</summary>
public static class CriterionCatalogue
{
    private static readonly ImmutableSortedDictionary<string, Func<TechniqueOptions, Criterion>> Makers =
        new Dictionary<string, Func<TechniqueOptions, Criterion>>
        {
            ["apoz"] = o => new ActivationCriterion(true, Samples(o, 1024)),
            ["bn-scale"] = _ => new NormalizationCriterion(),
            ["energy"] = _ => new EnergyCriterion(),
            ["lamp"] = _ => new LampCriterion(),
            ["life-long"] = o => new LifeLongCriterion(o.Integer("epochs", 1, 1000, 1)),
            ["magnitude"] = o => new MagnitudeCriterion(o.Word("norm", "l1", "l2") == "l2"),
            ["mean-activation"] = o => new ActivationCriterion(false, Samples(o, 1024)),
            ["obd"] = o => new OptimalBrainDamage(Samples(o, 128)),
            ["obs"] = o => new OptimalBrainSurgeon(Samples(o, 1024), o.Number("damping", 1e-9, 1, 0.01)),
            ["random"] = _ => new RandomCriterion(),
            ["sensitivity"] = _ => new SensitivityCriterion(),
            ["taylor"] = o => new TaylorCriterion(Samples(o, 1024), 32),
        }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>The names, in order.</summary>
    public static IEnumerable<string> Names => Makers.Keys;

    /// <summary>Reads the option 'criterion', and the options of the criterion that it names.</summary>
    /// <param name="options">The options of the technique that asks.</param>
    /// <param name="otherwise">The criterion if none is named.</param>
    /// <exception cref="DecantException">There is no such criterion, or an option of it is wrong.</exception>
    public static Criterion Read(TechniqueOptions options, string otherwise = "magnitude") =>
        Makers[options.Word("criterion", [otherwise, .. Names.Where(n => n != otherwise)])](options);

    private static int Samples(TechniqueOptions options, int otherwise) =>
        options.Integer("samples", 1, 10_000_000, otherwise);
}
