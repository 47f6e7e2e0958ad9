using Decant.Core;
using Decant.Pipelines;
using Decant.Runs;
using Decant.Techniques;
using Decant.Zoo;
using Xunit;

namespace Decant.Examples;

/// <summary>Options of <see cref="OutlierClipping"/>. Each property is a key of recipes, here 'deviations'.</summary>
public sealed record OutlierClippingOptions : TechniqueOptions
{
    /// <summary>How many standard deviations of a parameter's weights stay.</summary>
    [OptionRange(0.5, 100)]
    public double Deviations { get; init; } = 4;
}

/// <summary>
/// Brings weights that lie far from the mean μ of their parameter to μ ± k·σ, so that the scale of a later
/// quantization is finer.
/// </summary>
public sealed class OutlierClipping(OutlierClippingOptions options) : Technique<OutlierClippingOptions>(options)
{
    public const string Key = "outlier-clipping";

    public override string Name => Key;

    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context) =>
        [.. context.Weights.Select(Plan).OfType<PlannedChange>()];

    private PlannedChange? Plan(Weight weight)
    {
        float[] values = weight.Encoding.Decode().Array<float>();
        double mean = values.Average(v => (double)v),
            deviation = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
        float low = (float)(mean - Options.Deviations * deviation),
            high = (float)(mean + Options.Deviations * deviation);
        int outside = values.Count(v => v < low || v > high);
        return outside == 0
            ? null
            : PlannedChange.OfWeight(
                weight.Name,
                $"clips {outside} of {values.Length} weights to {low:0.###} … {high:0.###}",
                () =>
                    new DenseEncoding(
                        Tensor.Of(weight.Encoding.Shape, Array.ConvertAll(values, v => Math.Clamp(v, low, high)))
                    )
            );
    }
}

public sealed class OutlierClippingTests
{
    private static readonly Pipeline Clipping = new()
    {
        Name = "clip",
        Stages =
        [
            new PipelineStage
            {
                Name = "clip",
                Uses =
                [
                    new TechniqueUse("outliers", new OutlierClipping(new OutlierClippingOptions { Deviations = 1 })),
                ],
            },
        ],
    };

    // Mean 1, standard deviation √(6·1 + 2·9)/8 = √3.
    private static readonly float[] Values = [0, 0, 0, 2, 2, 2, -2, 4];

    private static readonly Network Network = new NetworkBuilder("n", seed: 1, new Shape(Shape.Unknown, 4))
        .Gemm("fc", 2)
        .Build()
        .With(
            new Dictionary<string, Encoding> { ["fc.weight"] = new DenseEncoding(Tensor.Of(new Shape(2, 4), Values)) }
        );

    [Fact]
    public void ItRunsInAPipeline()
    {
        var compressor = new Compressor(Clipping, new CompressionOptions());
        Assert.Equal("clips 2 of 8 weights to -0.732 … 2.732", compressor.Plan(Network).Single().Change.What);
        float low = (float)(1 - Math.Sqrt(3)),
            high = (float)(1 + Math.Sqrt(3));
        Tensor clipped = compressor.Run(Network, file: null).Network.Weights["fc.weight"].Encoding.Decode();
        Assert.Equal([0, 0, 0, 2, 2, 2, low, high], clipped.Array<float>());
    }

    [Fact]
    public void ARecipeNamesItOnceItIsInTheCatalogue()
    {
        TechniqueCatalogue catalogue = TechniqueCatalogue.Shipped.With(
            OutlierClipping.Key,
            (OutlierClippingOptions options) => new OutlierClipping(options)
        );
        Assert.Equal(Clipping, Pipeline.Parse(Clipping.ToYaml(), "clip.yaml", catalogue));
        Assert.Throws<RecipeException>(() => Pipeline.Parse(Clipping.ToYaml(), "clip.yaml"));
    }

    [Fact]
    public void AnOptionOutOfItsRangeIsRefused() =>
        Assert.Throws<OptionsException>(() => new OutlierClipping(new OutlierClippingOptions { Deviations = 0 }));
}
