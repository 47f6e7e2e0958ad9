using System.Collections.Immutable;
using Decant.Core;
using Decant.Techniques.ArchitectureLearning;
using Decant.Techniques.Binarization;
using Decant.Techniques.Clustering;
using Decant.Techniques.Distillation;
using Decant.Techniques.Equalization;
using Decant.Techniques.FixedPoint;
using Decant.Techniques.Folding;
using Decant.Techniques.Pruning;
using Decant.Techniques.Pruning.Gradual;
using Decant.Techniques.Pruning.HardConcrete;
using Decant.Techniques.Quantization;
using Decant.Techniques.Regularization;
using Decant.Techniques.Supermask;

namespace Decant.Techniques;

/// <summary>
/// The techniques, and the kinds of options such as criteria, that recipes can name. It is immutable:
/// <see cref="With{TOptions}(string, Func{TOptions, Technique})"/> gives a catalogue
/// with a technique more, which pipelines are then read with.
/// </summary>
public sealed class TechniqueCatalogue
{
    private readonly ImmutableSortedDictionary<string, Entry> entries;
    private readonly ImmutableDictionary<string, string> aliases;
    private readonly OptionFamilies families;

    private TechniqueCatalogue(
        ImmutableSortedDictionary<string, Entry> entries,
        ImmutableDictionary<string, string> aliases,
        OptionFamilies families
    ) => (this.entries, this.aliases, this.families) = (entries, aliases, families);

    /// <summary>The techniques that come with Decant.</summary>
    public static TechniqueCatalogue Shipped { get; } =
        Empty()
            .With("activation-aware-scaling", (ActivationAwareScalingOptions o) => new ActivationAwareScaling(o))
            .With("activation-quantization", (ActivationQuantizationOptions o) => new ActivationQuantization(o))
            .With("adaptive-rounding", (AdaptiveRoundingOptions o) => new AdaptiveRounding(o))
            .With("architecture-learning", (LearnedArchitectureOptions o) => new LearnedArchitecture(o))
            .With("binarization", (WeightBinarizationOptions o) => new WeightBinarization(o))
            .With("binary-activations", (BinaryActivationsOptions o) => new BinaryActivations(o))
            .With("cross-layer-equalization", (NoOptions _) => new CrossLayerEqualization())
            .With("dynamic-network-surgery", (DynamicNetworkSurgeryOptions o) => new DynamicNetworkSurgery(o))
            .With("dynamic-quantization", (DynamicQuantizationOptions o) => new DynamicQuantization(o))
            .With("find-structure", (NoOptions _) => new FindStructure())
            .With("fixed-point", (FixedPointOptions o) => new FixedPointQuantization(o))
            .With("fold-batch-norm", (NoOptions _) => new BatchNormFolding())
            .With("gradual-pruning", (GradualPruningOptions o) => new GradualPruning(o))
            .With("knowledge-distillation", (KnowledgeDistillationOptions o) => new KnowledgeDistillation(o))
            .With("l0-regularization", (L0RegularizationOptions o) => new L0Regularization(o))
            .With("layer-removal", (LayerRemovalOptions o) => new LayerRemoval(o))
            .With("quantization-aware-training", (QuantizationTrainingOptions o) => new QuantizationTraining(o))
            .With("regularization", (WeightRegularizationOptions o) => new WeightRegularization(o))
            .With("remove-dead", (NoOptions _) => new RemoveDead())
            .With("settle-architecture", (NoOptions _) => new SettleArchitecture())
            .With("structured-pruning", (StructuredPruningOptions o) => new StructuredPruning(o))
            .With("supermask", (SupermaskOptions o) => new LearnedSupermask(o))
            .With("vector-quantization", (VectorQuantizationOptions o) => new VectorQuantization(o))
            .With("weight-clustering", (WeightClusteringOptions o) => new WeightClustering(o))
            .With("weight-pruning", (WeightPruningOptions o) => new WeightPruning(o))
            .With("weight-quantization", (WeightQuantizationOptions o) => new WeightQuantization(o))
            .WithAlias("distillation", "knowledge-distillation")
            .WithAlias("dynamic-surgery", "dynamic-network-surgery")
            .WithAlias("linear-quantization", "weight-quantization")
            .WithAlias("weight-sharing", "weight-clustering")
            .WithAll(Criterion.Shipped)
            .WithAll(RangeRule.Shipped);

    /// <summary>The names of the techniques, in order.</summary>
    public IEnumerable<string> Names => entries.Keys;

    /// <summary>This catalogue with a technique more, or another in place of that of the same name.</summary>
    /// <typeparam name="TOptions">The type of its options, whose properties become keys.</typeparam>
    /// <param name="name">The technique's <see cref="Technique.Name"/>.</param>
    /// <param name="make">Makes the technique from its options.</param>
    public TechniqueCatalogue With<TOptions>(string name, Func<TOptions, Technique> make)
        where TOptions : TechniqueOptions =>
        new(entries.SetItem(name, new Entry(typeof(TOptions), o => make((TOptions)o))), aliases, families);

    /// <summary>This catalogue with a kind of options more, such as a criterion of one's own.</summary>
    /// <typeparam name="TFamily">The abstract record that it is a kind of, such as <see cref="Criterion"/>.</typeparam>
    /// <param name="member">One with the values that options have where a recipe leaves them out.</param>
    public TechniqueCatalogue With<TFamily>(TFamily member)
        where TFamily : NamedOptions => new(entries, aliases, families.With(typeof(TFamily), member));

    /// <summary>Makes a technique from its options.</summary>
    /// <param name="name">The technique's name.</param>
    /// <param name="source">Its options.</param>
    /// <param name="others">Keys of the source that are no options.</param>
    /// <exception cref="DecantException">There is no such technique, or an option is unknown or wrong.</exception>
    public Technique Read(string name, IOptionSource source, params IReadOnlyList<string> others)
    {
        if (!entries.TryGetValue(aliases.GetValueOrDefault(name, name), out Entry? entry))
            throw source.Error("technique", $"there is no technique '{name}'; there are: {string.Join(", ", Names)}");
        return entry.Make((TechniqueOptions)OptionSchema.Of(entry.Options).Read(source, families, others));
    }

    /// <summary>The type of a technique's options.</summary>
    internal Type OptionsOf(string name) => entries[name].Options;

    /// <summary>The kinds of options that recipes can name.</summary>
    internal OptionFamilies Families => families;

    private static TechniqueCatalogue Empty() =>
        new(
            ImmutableSortedDictionary.Create<string, Entry>(StringComparer.Ordinal),
            ImmutableDictionary.Create<string, string>(StringComparer.Ordinal),
            OptionFamilies.None
        );

    private TechniqueCatalogue WithAlias(string former, string name) =>
        new(entries, aliases.SetItem(former, name), families);

    private TechniqueCatalogue WithAll<TFamily>(IEnumerable<TFamily> members)
        where TFamily : NamedOptions => members.Aggregate(this, (catalogue, member) => catalogue.With(member));

    private sealed record Entry(Type Options, Func<TechniqueOptions, Technique> Make);
}
