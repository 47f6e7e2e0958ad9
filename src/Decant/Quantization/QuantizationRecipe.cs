using Decant.Core;
using Decant.Core.Operators;
using Decant.Pipelines;
using Decant.Techniques;
using Decant.Techniques.Equalization;
using Decant.Techniques.Folding;
using Decant.Techniques.Groups;
using Decant.Techniques.Quantization;

namespace Decant.Quantization;

/// <summary>Makes a pipeline of options of quantization.</summary>
public static class QuantizationRecipe
{
    private const int ShortScaleBits = 8;

    /// <summary>The pipeline that quantizes a network after training.</summary>
    /// <exception cref="OptionsException">An option is out of its range, or options contradict each other.</exception>
    /// <exception cref="ModelException">Nothing is left to quantize, or a pattern to keep matches nothing.</exception>
    public static Pipeline Of(Network network, QuantizationOptions options)
    {
        string[] chosen = WeightsOf(network, options.Checked());
        var prepare = new List<TechniqueUse> { new("fold", new BatchNormFolding()) };
        if (options.Equalizes)
            prepare.Add(new TechniqueUse("even", new CrossLayerEqualization()));
        var quantize = new List<TechniqueUse>();
        string[] multiplied = [.. chosen.Where(w => network.Graph.Consumers(w).Any(n => n.Operator is LinearOperator))];
        if (options is { ActivationBits: > 0, WeightsOnly: false } && multiplied.Length > 0)
            quantize.Add(
                Use("activations", options.Dynamic ? new DynamicQuantization(new()) : Activations(options), multiplied)
            );
        string[] tables = [.. chosen.Where(w => network.Graph.Consumers(w).All(n => LooksUp(network, n, w)))];
        string[] weights = [.. chosen.Except(tables, StringComparer.Ordinal)];
        quantize.AddRange(Uses("weights", weights, options, bits => Weights(options, bits)));
        QuantizationOptions alone = options with { CorrectsBias = false };
        quantize.AddRange(Uses("tables", tables, options, bits => Rounded(alone, bits, ShortScaleBits)));
        return new Pipeline
        {
            Name = "quantize",
            Description =
                options.Keep.Count == 0
                    ? "quantizes after training"
                    : $"quantizes after training; floats stay: {string.Join(", ", options.Keep)}",
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
    internal static string[] WeightsOf(Network network, QuantizationOptions options)
    {
        string[] layers = [.. network.Nodes.SelectMany(n => Read(network, n)).Distinct(StringComparer.Ordinal)];
        string[] others =
        [
            .. network.Weights.Where(w => w.IsTrainable && !layers.Contains(w.Name)).Select(w => w.Name),
        ];
        CheckMatches(options.Keep, layers, "layer's weight");
        CheckMatches(options.Also, others, "further weight");
        layers = [.. layers, .. others.Where(o => options.Also.Any(p => NamePattern.Matches(p, o)))];
        string[] chosen = [.. layers.Where(l => !options.Keep.Any(p => NamePattern.Matches(p, l)))];
        return chosen.Length > 0
            ? chosen
            : throw new ModelException("no weight of a convolution or matrix product remains to quantize");
    }

    /// <summary>One use for each number of bits, the most first.</summary>
    private static IEnumerable<TechniqueUse> Uses(
        string name,
        string[] weights,
        QuantizationOptions options,
        Func<int, Technique> make
    )
    {
        IGrouping<int, string>[] groups = [.. weights.GroupBy(options.BitsFor).OrderByDescending(g => g.Key)];
        return groups.Select(g => Use(groups.Length == 1 ? name : $"{name}-{g.Key}", make(g.Key), g));
    }

    private static void CheckMatches(IEnumerable<string> patterns, string[] names, string what)
    {
        foreach (string pattern in patterns)
            if (!names.Any(n => NamePattern.Matches(pattern, n)))
                throw new ModelException($"'{pattern}' matches no {what}; there are {NameList.Of(names)}");
    }

    /// <summary>What a node reads that is quantized: a layer's weights, or a table.</summary>
    private static IEnumerable<string> Read(Network network, Node node)
    {
        for (int i = 1; i < node.Inputs.Length; i++)
            if (IsWeight(i) is { } weight && IsMultiplied(node.Operator, i, weight.Encoding.Shape))
                yield return weight.Name;
        if (LookupTables.In(network, node) is { } table)
            yield return table.Name;

        Weight? IsWeight(int input) =>
            network.Weights.TryGet(node.Inputs[input], out Weight? w) && w.IsTrainable ? w : null;
    }

    private static bool LooksUp(Network network, Node node, string weight) =>
        LookupTables.In(network, node) is { } table && table.Name == weight;

    private static bool IsMultiplied(Operator op, int input, Shape weight) =>
        op is LinearOperator && input == LinearOperator.WeightInput || op.AxesOf(input, weight) is not null;

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

    /// <summary>
    /// Scales of channels of weights alone keep so many bits that they are off by less than a hundredth.
    /// </summary>
    private static int? ScaleBitsOf(QuantizationOptions options) =>
        options is { WeightsOnly: true, Block: 0 } ? ShortScaleBits : null;

    /// <summary>Rounded to the nearest.</summary>
    private static WeightQuantization Rounded(QuantizationOptions options, int bits, int? scaleBits) =>
        new(
            new WeightQuantizationOptions
            {
                Bits = bits,
                Scheme = options.WeightScheme,
                Per = options.Per,
                Block = options.Block,
                ScaleBits = options.Block > 0 ? null : scaleBits,
                Range = options.WeightRange,
                BiasCorrection = options.BiasSamples,
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
                    Block = options.Block,
                    ScaleBits = ScaleBitsOf(options),
                    Range = options.WeightRange,
                    Samples = options.Samples,
                }
            )
            : Rounded(options, bits, ScaleBitsOf(options));
}
