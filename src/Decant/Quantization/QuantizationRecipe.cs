using Decant.Core;
using Decant.Core.Operators;
using Decant.Pipelines;
using Decant.Techniques;
using Decant.Techniques.Equalization;
using Decant.Techniques.Folding;
using Decant.Techniques.Quantization;

namespace Decant.Quantization;

/// <summary>Makes a pipeline of options of quantization.</summary>
public static class QuantizationRecipe
{
    private const int NamesInErrors = 8;

    /// <summary>The pipeline that quantizes a network after training.</summary>
    /// <exception cref="OptionsException">An option is out of its range, or options contradict each other.</exception>
    /// <exception cref="ModelException">Nothing is left to quantize, or a pattern to keep matches nothing.</exception>
    public static Pipeline Of(Network network, QuantizationOptions options)
    {
        string[] chosen = Chosen(network, options.Checked());
        var prepare = new List<TechniqueUse> { new("fold", new BatchNormFolding()) };
        if (options.Equalizes)
            prepare.Add(new TechniqueUse("even", new CrossLayerEqualization()));
        var quantize = new List<TechniqueUse>();
        if (options.ActivationBits > 0)
            quantize.Add(Use("activations", Activations(options), chosen));
        IGrouping<int, string>[] groups = [.. chosen.GroupBy(options.BitsFor).OrderByDescending(g => g.Key)];
        foreach (IGrouping<int, string> group in groups)
            quantize.Add(
                Use(groups.Length == 1 ? "weights" : $"weights-{group.Key}", Weights(options, group.Key), group)
            );
        return new Pipeline
        {
            Name = "quantize",
            Description = "quantizes after training",
            Preprocessing = options.Preprocessing,
            HoldOut = options.HoldOut,
            Stages =
            [
                new PipelineStage { Name = "fold", Uses = [.. prepare] },
                new PipelineStage { Name = "quantize", Uses = [.. quantize] },
            ],
        };
    }

    /// <summary>The weights of layers that are quantized, in the network's order.</summary>
    private static string[] Chosen(Network network, QuantizationOptions options)
    {
        string[] layers =
        [
            .. network
                .Nodes.Where(n =>
                    n.Operator is LinearOperator
                    && network.Weights.TryGet(n.Inputs[LinearOperator.WeightInput], out Weight? w)
                    && w.IsTrainable
                )
                .Select(n => n.Inputs[LinearOperator.WeightInput])
                .Distinct(StringComparer.Ordinal),
        ];
        foreach (string pattern in options.Keep)
            if (!layers.Any(l => NamePattern.Matches(pattern, l)))
                throw new ModelException(
                    $"'{pattern}' matches no layer's weight; there are "
                        + string.Join(", ", layers.Take(NamesInErrors))
                        + (layers.Length > NamesInErrors ? ", …" : "")
                );
        string[] chosen = [.. layers.Where(l => !options.Keep.Any(p => NamePattern.Matches(p, l)))];
        return chosen.Length > 0
            ? chosen
            : throw new ModelException("no weight of a convolution or matrix product remains to quantize");
    }

    private static TechniqueUse Use(string name, Technique technique, IEnumerable<string> weights) =>
        new(name, technique) { Weights = [.. weights.Select(WeightPatterns.Exactly)] };

    private static ActivationQuantization Activations(QuantizationOptions options) =>
        new(
            new ActivationQuantizationOptions
            {
                Bits = options.ActivationBits,
                Scheme = options.ActivationScheme,
                Range = options.ActivationRange,
                Samples = options.Samples,
            }
        );

    private static Technique Weights(QuantizationOptions options, int bits) =>
        options.Rounding == WeightRounding.Adaptive
            ? new AdaptiveRounding(
                new AdaptiveRoundingOptions
                {
                    Bits = bits,
                    Scheme = options.WeightScheme,
                    Per = options.Per,
                    Range = options.WeightRange,
                    Samples = options.Samples,
                }
            )
            : new WeightQuantization(
                new WeightQuantizationOptions
                {
                    Bits = bits,
                    Scheme = options.WeightScheme,
                    Per = options.Per,
                    Range = options.WeightRange,
                    BiasCorrection = options.CorrectsBias ? options.Samples : 0,
                }
            );
}
