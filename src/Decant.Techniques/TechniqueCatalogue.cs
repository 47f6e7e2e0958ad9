using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Techniques;

/// <summary>Every technique there is: one line each.</summary>
public static class TechniqueCatalogue
{
    private static readonly ImmutableSortedDictionary<string, Func<TechniqueOptions, ulong, Technique>> Makers =
        new Dictionary<string, Func<TechniqueOptions, ulong, Technique>>
        {
            ["activation-quantization"] = (o, _) =>
                new Quantization.ActivationQuantization(Quantization.ActivationQuantizationOptions.Read(o)),
            ["adaptive-rounding"] = (o, _) =>
                new Quantization.AdaptiveRounding(Quantization.AdaptiveRoundingOptions.Read(o)),
            ["binarization"] = (o, _) => new Binarization.Binarization(Binarization.BinarizationOptions.Read(o)),
            ["binary-activations"] = (o, _) =>
                new Binarization.BinaryActivations(Binarization.BinaryActivationsOptions.Read(o)),
            ["cross-layer-equalization"] = (_, _) => new Equalization.CrossLayerEqualization(),
            ["distillation"] = (o, _) => new Distillation.Distillation(Distillation.DistillationOptions.Read(o)),
            ["dynamic-surgery"] = (o, _) => new Pruning.DynamicSurgery(Pruning.DynamicSurgeryOptions.Read(o)),
            ["fixed-point"] = (o, _) => new FixedPoint.FixedPoint(FixedPoint.FixedPointOptions.Read(o)),
            ["fold-batch-norm"] = (_, _) => new Folding.BatchNormFolding(),
            ["gradual-pruning"] = (o, _) =>
                new Pruning.Gradual.GradualPruning(Pruning.Gradual.GradualPruningOptions.Read(o)),
            ["l0-regularization"] = (o, seed) =>
                new Pruning.HardConcrete.L0Regularization(Pruning.HardConcrete.L0Options.Read(o), seed),
            ["linear-quantization"] = (o, _) =>
                new Quantization.WeightQuantization(
                    Quantization.WeightQuantizationOptions.Read(o, correctsBiases: true)
                ),
            ["quantization-aware-training"] = (o, _) =>
                new Quantization.QuantizationTraining(Quantization.QuantizationTrainingOptions.Read(o)),
            ["regularization"] = (o, _) =>
                new Regularization.Regularization(Regularization.RegularizationOptions.Read(o)),
            ["structured-pruning"] = (o, _) => new Pruning.StructuredPruning(Pruning.StructuredPruningOptions.Read(o)),
            ["remove-dead"] = (_, _) => new Pruning.RemoveDead(),
            ["layer-removal"] = (o, _) => new Pruning.LayerRemoval(Pruning.LayerRemovalOptions.Read(o)),
            ["vector-quantization"] = (o, seed) =>
                new Sharing.VectorQuantization(Sharing.VectorQuantizationOptions.Read(o), seed),
            ["weight-sharing"] = (o, seed) => new Sharing.WeightSharing(Sharing.WeightSharingOptions.Read(o), seed),
            ["supermask"] = (o, _) => new Supermask.LearnedSupermask(Supermask.SupermaskOptions.Read(o)),
            ["weight-pruning"] = (o, _) => new Pruning.WeightPruning(Pruning.WeightPruningOptions.Read(o)),
            ["architecture-learning"] = (o, _) =>
                new ArchitectureLearning.ArchitectureLearning(ArchitectureLearning.ArchitectureLearningOptions.Read(o)),
            ["settle-architecture"] = (_, _) => new ArchitectureLearning.SettleArchitecture(),
            ["find-structure"] = (_, _) => new Sharing.FindStructure(),
        }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>The names, in order.</summary>
    public static IEnumerable<string> Names => Makers.Keys;

    /// <summary>Makes a technique from its options.</summary>
    /// <exception cref="DecantException">There is no such technique, or an option is unknown or wrong.</exception>
    public static Technique Create(string name, TechniqueOptions options, ulong seed)
    {
        if (!Makers.TryGetValue(name, out var make))
            throw options.Error("technique", $"there is no technique '{name}'; there are: {string.Join(", ", Names)}");
        Technique technique = make(options, seed);
        options.EnsureAllKnown();
        return technique;
    }
}
