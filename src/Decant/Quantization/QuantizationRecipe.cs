using Decant.Core;
using Decant.Core.Operators;
using Decant.Data;
using Decant.Pipelines;
using Decant.Techniques;
using Decant.Techniques.Equalization;
using Decant.Techniques.Folding;
using Decant.Techniques.Quantization;

namespace Decant.Quantization;

/// <summary>Makes a pipeline of settings of quantization.</summary>
public static class QuantizationRecipe
{
    private const int NamesInErrors = 8;

    /// <summary>The pipeline that quantizes a network after training.</summary>
    /// <exception cref="OptionsException">A setting is out of its range.</exception>
    /// <exception cref="ModelException">Nothing is left to quantize, or a pattern to keep matches nothing.</exception>
    public static Pipeline Of(Network network, QuantizationSettings settings)
    {
        string[] chosen = Chosen(network, settings);
        var prepare = new List<TechniqueUse> { new("fold", new BatchNormFolding()) };
        if (settings.Equalizes)
            prepare.Add(new TechniqueUse("even", new CrossLayerEqualization()));
        var quantize = new List<TechniqueUse>();
        if (settings.ActivationBits > 0)
            quantize.Add(Use("activations", Activations(settings), chosen));
        IGrouping<int, string>[] groups = [.. chosen.GroupBy(settings.BitsFor).OrderByDescending(g => g.Key)];
        foreach (IGrouping<int, string> group in groups)
            quantize.Add(
                Use(groups.Length == 1 ? "weights" : $"weights-{group.Key}", Weights(settings, group.Key), group)
            );
        return new Pipeline
        {
            Name = "quantize",
            Description = "quantizes after training",
            Preprocessing = settings.Preprocessing,
            HoldOut = settings.HoldOut,
            Stages =
            [
                new PipelineStage { Name = "fold", Uses = [.. prepare] },
                new PipelineStage { Name = "quantize", Uses = [.. quantize] },
            ],
        };
    }

    /// <summary>The weights of layers that are quantized, in the network's order.</summary>
    private static string[] Chosen(Network network, QuantizationSettings settings)
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
        foreach (string pattern in settings.Keep)
            if (!layers.Any(l => NamePattern.Matches(pattern, l)))
                throw new ModelException(
                    $"'{pattern}' matches no layer's weight; there are "
                        + string.Join(", ", layers.Take(NamesInErrors))
                        + (layers.Length > NamesInErrors ? ", …" : "")
                );
        string[] chosen = [.. layers.Where(l => !settings.Keep.Any(p => NamePattern.Matches(p, l)))];
        return chosen.Length > 0
            ? chosen
            : throw new ModelException("no weight of a convolution or matrix product remains to quantize");
    }

    private static TechniqueUse Use(string name, Technique technique, IEnumerable<string> weights) =>
        new(name, technique) { Weights = [.. weights.Select(WeightPatterns.Exactly)] };

    private static ActivationQuantization Activations(QuantizationSettings settings) =>
        new(
            new ActivationQuantizationOptions
            {
                Bits = settings.ActivationBits,
                Scheme = settings.ActivationScheme,
                Range = settings.ActivationRange,
                Samples = settings.Samples,
            }
        );

    private static Technique Weights(QuantizationSettings settings, int bits) =>
        settings.Rounding == WeightRounding.Adaptive
            ? new AdaptiveRounding(
                new AdaptiveRoundingOptions
                {
                    Bits = bits,
                    Scheme = settings.WeightScheme,
                    Per = settings.Per,
                    Range = settings.WeightRange,
                    Samples = settings.Samples,
                }
            )
            : new WeightQuantization(
                new WeightQuantizationOptions
                {
                    Bits = bits,
                    Scheme = settings.WeightScheme,
                    Per = settings.Per,
                    Range = settings.WeightRange,
                    BiasCorrection = settings.CorrectsBias ? settings.Samples : 0,
                }
            );
}

/// <summary>How a network is quantized after training.</summary>
public sealed record QuantizationSettings
{
    /// <summary>Bits of weights, 2 to 16.</summary>
    public int WeightBits { get; init; } = 8;

    /// <summary>Bits of weights by name, where they differ from <see cref="WeightBits"/>; null if none does.</summary>
    public IReadOnlyDictionary<string, int>? BitsOf { get; init; }

    /// <summary>Whether ranges of channels are evened out between layers before.</summary>
    public bool Equalizes { get; init; }

    /// <summary>Bits of activations, 2 to 8; 0 leaves them floats.</summary>
    public int ActivationBits { get; init; } = 8;

    /// <summary>Where the codes of weights lie: symmetric or asymmetric.</summary>
    public QuantizationScheme WeightScheme { get; init; } = QuantizationScheme.Symmetric;

    /// <summary>Where the codes of activations lie.</summary>
    public QuantizationScheme ActivationScheme { get; init; } = QuantizationScheme.Asymmetric;

    /// <summary>Which weights share a scale.</summary>
    public ScaleSharing Per { get; init; } = ScaleSharing.Channel;

    /// <summary>How the ranges of weights are chosen.</summary>
    public RangeRule WeightRange { get; init; } = new MseRange();

    /// <summary>How weights are rounded.</summary>
    public WeightRounding Rounding { get; init; } = WeightRounding.Nearest;

    /// <summary>How the ranges of activations are chosen.</summary>
    public RangeRule ActivationRange { get; init; } = new MinMaxRange();

    /// <summary>
    /// Images that activations' ranges, what biases make up for and adaptive rounding are taken from.
    /// </summary>
    public int Samples { get; init; } = 512;

    /// <summary>Names of weights, patterns, whose layers stay floats.</summary>
    public IReadOnlyList<string> Keep { get; init; } = [];

    /// <summary>Training images that are held out, to choose bits by.</summary>
    public int HoldOut { get; init; }

    /// <summary>
    /// Whether biases make up for what rounding weights shifts; with adaptive rounding they always do.
    /// </summary>
    public bool CorrectsBias { get; init; } = true;

    /// <summary>The preprocessing; null for the network's own, else pixel / 255.</summary>
    public Preprocessing? Preprocessing { get; init; }

    /// <summary>The bits of a weight.</summary>
    internal int BitsFor(string weight) => BitsOf is { } of && of.TryGetValue(weight, out int bits) ? bits : WeightBits;
}

/// <summary>How weights are rounded to their grids.</summary>
public enum WeightRounding
{
    /// <summary>Each to the nearest.</summary>
    Nearest,

    /// <summary>So that layers' outputs change least.</summary>
    Adaptive,
}
