using Decant.Core;
using Decant.Core.Operators;
using Decant.Data;
using Decant.Pipelines;
using Decant.Quantization;
using Decant.Runs;
using Decant.Runtime;
using Decant.Techniques.Quantization;
using Decant.Tests.Runs;
using Decant.Zoo;
using Xunit;

namespace Decant.Tests.Quantization;

public sealed class FloatLayersTests
{
    private static readonly QuantizationOptions Settings = new()
    {
        Preprocessing = Preprocessing.Parse("scale=1/255"),
        Per = ScaleSharing.Tensor,
        WeightRange = new MinMaxRange(),
        Samples = 50,
    };

    [Fact]
    public void TheLayerThatCostsMostStaysFloatsAndTheRecipeSaysSo()
    {
        Network network = WithOutlier(TinyRun.Network(), "fc1.weight");
        QuantizationResult all = Quantize(network, Settings),
            kept = Quantize(network, Settings with { KeepsWithin = 0.5 });
        Assert.InRange(CosineLost(all), 1, 100);
        Assert.InRange(CosineLost(kept), 0, 0.5);
        Assert.Equal(["fc1.weight"], kept.Options.Keep);
        Assert.IsType<DenseEncoding>(kept.Network.Weights["fc1.weight"].Encoding);
        Assert.IsType<LinearEncoding>(kept.Network.Weights["fc2.weight"].Encoding);
        Assert.IsNotType<DequantizeLinear>(
            kept.Network.Graph.Producer(LayerOf(kept.Network, "fc1.weight").Inputs[0])?.Operator
        );
        Pipeline again = Pipeline.Parse(kept.Pipeline.ToYaml(), "recipe");
        Assert.Contains("floats stay: fc1.weight", again.Description, StringComparison.Ordinal);
        Assert.DoesNotContain(again.Stages[^1].Uses, u => u.Weights.Contains("fc1.weight"));
        Assert.Contains(
            "1 of 2 layers stay floats, to lose no more than 0.5 points: fc1.weight",
            string.Join("\n", kept.ToDocument().Parts),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void WhatLosesLittleIsAllQuantizedAndWhatCannotBeIsSaid()
    {
        Network network = TinyRun.Network();
        Assert.Empty(Quantize(network, Settings with { KeepsWithin = 5 }).Options.Keep);
        Assert.Contains(
            "no layer can be quantized so that at most 0 points are lost",
            Assert
                .Throws<ModelException>(() => Quantize(network, Settings with { WeightBits = 2, KeepsWithin = 0 }))
                .Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void RangesThatClipOutliersAreTriedBeforeAnyLayerStaysFloats()
    {
        Network network = new NetworkBuilder("flat", 1, new Shape(Shape.Unknown, 49)).Gemm("fc1", 10).Build();
        float[] values = [.. Enumerable.Range(0, 4000 * 49).Select(i => (float)Math.Sin(i * 0.7))];
        for (int example = 0; example < 4000; example += 1000)
            values[example * 49] = 400;
        var data = new ArraySource("s", [new("input", Tensor.Of(new Shape(4000, 49), values))]);
        QuantizationResult Quantize(QuantizationOptions options) =>
            new PostTrainingQuantization(options, new CompressionOptions { Train = data, Test = data }).Run(
                network,
                null
            );
        QuantizationOptions minMax = new() { Preprocessing = Preprocessing.None, Samples = 2000 };
        double lost = CosineLost(Quantize(minMax));
        Assert.InRange(lost, 6, 100);
        QuantizationResult found = Quantize(minMax with { KeepsWithin = lost / 3 });
        Assert.Empty(found.Options.Keep);
        Assert.IsNotType<MinMaxRange>(found.Options.ActivationRange);
    }

    [Fact]
    public void LayersGivenBackAreAsThoughTheyHadBeenKept()
    {
        Network network = TinyRun.Convolutions();
        QuantizationOptions options = Settings with { CorrectsBias = false };
        var layers = new QuantizedLayers(NetworkValues.Folded(network), Quantize(network, options).Network);
        Assert.Equal(3, layers.All.Count);
        for (int kept = 1; kept < 1 << layers.All.Count; kept++)
        {
            Node[] some = [.. layers.All.Where((_, i) => (kept >> i & 1) == 1)];
            if (some.Length == layers.All.Count)
                continue;
            Network expected = Quantize(network, options with { Keep = [.. some.Select(layers.WeightOf)] }).Network;
            Network made = layers.Restored(some);
            Assert.Equal(Grids(expected), Grids(made));
            Assert.Equal(Answers(expected), Answers(made), (a, b) => Math.Abs(a - b) <= 1e-5);
        }
        Assert.DoesNotContain(layers.Restored(layers.All).Nodes, n => n.Operator is LinearQuantizer);
    }

    private static int Grids(Network network) => network.Nodes.Count(n => n.Operator is QuantizeLinear);

    private static float[] Answers(Network network)
    {
        Tensor images = Tensor.Of(
            new Shape(20, 1, 7, 7),
            Array.ConvertAll(TinyRun.Train.Images.Array<byte>()[..980], b => b / 255f)
        );
        return new ReferenceExecutor(network).Run([images])[0].Array<float>();
    }

    private static Node LayerOf(Network network, string weight) =>
        network.Nodes.Single(n => n.Inputs.Contains(weight, StringComparer.Ordinal));

    private static double CosineLost(QuantizationResult result) =>
        100 * (1 - result.Report.After!["cosine similarity"]);

    private static QuantizationResult Quantize(Network network, QuantizationOptions options) =>
        new PostTrainingQuantization(
            options,
            new CompressionOptions
            {
                Train = TinyRun.Train,
                Test = TinyRun.Test,
                Task = new Fidelity(),
            }
        ).Run(network, null);

    /// <summary>The network with one element of a weight so large that a scale for all leaves nothing of the
    /// others; it multiplies a pixel that is always 0.</summary>
    private static Network WithOutlier(Network network, string weight)
    {
        Encoding encoding = network.Weights[weight].Encoding;
        float[] values = [.. encoding.Decode().Array<float>()];
        values[0] = 100;
        return network.With(
            new Dictionary<string, Encoding>(StringComparer.Ordinal)
            {
                [weight] = new DenseEncoding(Tensor.Of(encoding.Shape, values)),
            }
        );
    }
}
