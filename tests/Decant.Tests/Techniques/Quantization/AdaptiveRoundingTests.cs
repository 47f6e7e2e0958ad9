using Decant.Core;
using Decant.Core.Operators;
using Decant.Data;
using Decant.Pipelines;
using Decant.Quantization;
using Decant.Runs;
using Decant.Runtime;
using Decant.Techniques;
using Decant.Techniques.Quantization;
using Decant.Tests.Runs;
using Decant.Tests.Torch;
using Decant.Zoo;
using Xunit;

namespace Decant.Tests.Techniques.Quantization;

[Collection("libtorch")]
public sealed class AdaptiveRoundingTests
{
    private static readonly QuantizationOptions Settings = new()
    {
        WeightBits = 3,
        WeightRange = new MinMaxRange(),
        Samples = 100,
        ActivationBits = 0,
        Preprocessing = Preprocessing.Parse("scale=1/255"),
    };

    [TorchFact]
    public void AnswersChangeLessThanWithTheNearestOnTheSameGrids()
    {
        Network network = TinyRun.Convolutions();
        Network nearest = Quantize(network, Settings),
            adaptive = Quantize(network, Settings with { Rounding = WeightRounding.Adaptive });
        foreach (string weight in new[] { "conv1.weight", "conv2.weight", "fc.weight" })
        {
            var (a, b) = (
                Assert.IsType<LinearEncoding>(nearest.Weights[weight].Encoding),
                Assert.IsType<LinearEncoding>(adaptive.Weights[weight].Encoding)
            );
            Assert.Equal((a.Bits, a.Axis), (b.Bits, b.Axis));
            Assert.Equal(a.Scales.ToArray(), b.Scales.ToArray());
        }
        double whole = Distance(network, nearest),
            better = Distance(network, adaptive);
        Assert.True(better < 0.7 * whole, $"{better} after {whole}");
    }

    [TorchFact]
    public void ActivationsOnGridsAndZeroPointsAreTakenAsTheyAre()
    {
        Network network = TinyRun.Convolutions();
        QuantizationOptions settings = Settings with
        {
            ActivationBits = 8,
            WeightScheme = QuantizationScheme.Asymmetric,
        };
        Network adaptive = Quantize(network, settings with { Rounding = WeightRounding.Adaptive });
        Assert.NotEqual(0, Assert.IsType<LinearEncoding>(adaptive.Weights["conv2.weight"].Encoding).Zeros.Length);
        Assert.True(Distance(network, adaptive) < Distance(network, Quantize(network, settings)));
    }

    [TorchFact]
    public void ProductsOfMatricesTheOtherWayRoundAreFittedToo()
    {
        Network plain = new NetworkBuilder("images", 4, new Shape(Shape.Unknown, 1, 7, 7))
            .Flatten("flat")
            .Gemm("fc1", 30)
            .Relu("relu")
            .Gemm("fc2", 10)
            .Build();
        Network network = plain;
        foreach (string name in new[] { "fc1", "fc2" })
        {
            Weight weight = plain.Weights[$"{name}.weight"];
            int rows = weight.Encoding.Shape[0],
                columns = weight.Encoding.Shape[1];
            float[] numbers = weight.Encoding.Decode().Array<float>(),
                turned = new float[numbers.Length];
            for (int i = 0; i < numbers.Length; i++)
                turned[i % columns * rows + i / columns] = numbers[i];
            Node gemm = network.Nodes.First(n => n.Name == name);
            var rewriter = new NetworkRewriter(network);
            string input = rewriter.AddWeight($"{name}.turned", Tensor.Of(new Shape(columns, rows), turned));
            rewriter.Replace(
                gemm,
                name == "fc1"
                    ? gemm with
                    {
                        Operator = new Gemm(Attributes.None),
                        Inputs = [gemm.Inputs[0], input, gemm.Inputs[2]],
                    }
                    : new Node(name, new MatMul(Attributes.None), [gemm.Inputs[0], input], gemm.Outputs)
            );
            network = rewriter.ToNetwork();
        }
        Network nearest = Quantize(network, Settings with { CorrectsBias = false }),
            adaptive = Quantize(network, Settings with { Rounding = WeightRounding.Adaptive });
        Assert.Equal(1, Assert.IsType<LinearEncoding>(adaptive.Weights["fc2.turned"].Encoding).Axis);
        double whole = Distance(network, nearest),
            better = Distance(network, adaptive);
        Assert.True(better < 0.5 * whole, $"{better} after {whole}");
    }

    [TorchFact]
    public void MomentsAreThoseOfWhatTheTwoNetworksRead()
    {
        Network network = TinyRun.Convolutions();
        float[] other = Array.ConvertAll(network.Weights["conv1.weight"].Encoding.Decode().Array<float>(), w =>
            MathF.Round(w * 4) / 4
        );
        Network rounded = network.With(
            new Dictionary<string, Encoding>
            {
                ["conv1.weight"] = new DenseEncoding(Tensor.Of(network.Weights["conv1.weight"].Encoding.Shape, other)),
            }
        );
        Node layer = network.Nodes.First(n => n.Name == "fc");
        var context = new TechniqueContext(network, [])
        {
            Data = TinyRun.Train.First(40),
            Preprocessing = Settings.Preprocessing!,
        };
        LayerMoments moments = LayerMoments.Of(context, rounded, layer, 40, centred: true);
        double[][] x = Read(network),
            y = Read(rounded);
        int n = x[0].Length;
        double[] meanX = Means(x),
            meanY = Means(y);
        double damping = 1e-3 * Enumerable.Range(0, n).Average(i => Moment(y, y, meanY, meanY, i, i));
        var rng = new Rng(4);
        for (int trial = 0; trial < 200; trial++)
        {
            int i = rng.Next(n),
                j = trial % 10 == 0 ? i : rng.Next(n);
            Assert.Equal(Moment(y, y, meanY, meanY, i, j) + (i == j ? damping : 0), moments.Seen[i * n + j], 1e-4);
            Assert.Equal(Moment(y, x, meanY, meanX, i, j) + (i == j ? damping : 0), moments.Cross[i * n + j], 1e-4);
        }
        double[] w = [.. Enumerable.Range(0, n).Select(_ => rng.NextNormal())],
            v = [.. Enumerable.Range(0, n).Select(_ => rng.NextNormal())];
        Assert.Equal(
            w.Zip(meanX, (a, b) => a * b).Sum() - v.Zip(meanY, (a, b) => a * b).Sum(),
            moments.Shift(w, v),
            1e-3
        );

        double[][] Read(Network of)
        {
            var read = new Network(
                "",
                of.Inputs,
                [new ValueInfo(layer.Inputs[0], new TensorType(ElementType.Float32, null))],
                of.Nodes,
                of.Weights
            );
            Tensor images = Tensor.Of(
                new Shape(40, 1, 7, 7),
                Array.ConvertAll(TinyRun.Train.First(40).Images.Array<byte>(), b => b / 255f)
            );
            float[] values = new ReferenceExecutor(read, 1).Run([images])[0].Array<float>();
            return [.. values.Chunk(values.Length / 40).Select(c => Array.ConvertAll(c, f => (double)f))];
        }
        static double[] Means(double[][] vectors) => [.. vectors[0].Select((_, i) => vectors.Average(v => v[i]))];
        static double Moment(double[][] a, double[][] b, double[] meanA, double[] meanB, int i, int j) =>
            a.Zip(b, (p, q) => (p[i] - meanA[i]) * (q[j] - meanB[j])).Average();
    }

    [TorchFact]
    public void WhatALayerReadsThatCannotBeHadIsRoundedToTheNearest()
    {
        Network network = new NetworkBuilder("groups", 4, new Shape(Shape.Unknown, 1, 7, 7))
            .PaddedConv("conv1", 8, 3)
            .Relu("relu1")
            .Flatten("flat")
            .Gemm("fc", 10)
            .Build();
        var rewriter = new NetworkRewriter(network);
        Node conv = network.Nodes[0];
        rewriter.InsertAfter(conv, conv with { Name = "again", Outputs = ["again"] });
        Network twice = rewriter.ToNetwork();
        string yaml =
            "recipe: r\ntechniques:\n  round: {technique: adaptive-rounding, bits: 3, weights: "
            + "\"conv1.weight\"}\nstages:\n  - {name: round, use: round}\n";
        Network quantized = Run(twice, yaml);
        Network nearest = Run(
            twice,
            yaml.Replace("adaptive-rounding", "weight-quantization", StringComparison.Ordinal)
        );
        Assert.Equal(
            nearest.Weights["conv1.weight"].Encoding.Decode().Array<float>(),
            quantized.Weights["conv1.weight"].Encoding.Decode().Array<float>()
        );
        // Each of the two layers has a bias of its own.
        Node[] readers = [.. quantized.Nodes.Where(n => n.Inputs.Contains("conv1.weight"))];
        Assert.Equal(2, readers.Select(n => n.Inputs[2]).Distinct().Count());
        Assert.Equal(
            quantized.Weights[readers[0].Inputs[2]].Encoding.Decode().Array<float>(),
            quantized.Weights[readers[1].Inputs[2]].Encoding.Decode().Array<float>()
        );
        Assert.Contains(quantized.Weights[readers[0].Inputs[2]].Encoding.Decode().Array<float>(), b => b != 0);
    }

    [TorchFact]
    public void WithoutImagesItSaysThatItNeedsThem()
    {
        var error = Assert.ThrowsAny<DecantException>(() =>
            new Compressor(
                Pipeline.Parse(
                    "recipe: r\ntechniques:\n  round: {technique: adaptive-rounding}\nstages:\n  - {name: "
                        + "round, use: round}\n",
                    "r"
                ),
                new CompressionOptions()
            ).Run(TinyRun.Convolutions(), null)
        );
        Assert.Contains("data", error.Message);
    }

    private static double Distance(Network whole, Network other)
    {
        Tensor images = Tensor.Of(
            new Shape(100, 1, 7, 7),
            Array.ConvertAll(TinyRun.Test.First(100).Images.Array<byte>(), b => b / 255f)
        );
        float[] a = new ReferenceExecutor(whole, 1).Run([images])[0].Array<float>(),
            b = new ReferenceExecutor(other, 1).Run([images])[0].Array<float>();
        return a.Zip(b, (x, y) => Math.Pow(x - y, 2)).Sum();
    }

    private static Network Quantize(Network network, QuantizationOptions settings) =>
        Run(network, QuantizationRecipe.Of(network, settings).ToYaml());

    private static Network Run(Network network, string yaml) =>
        new Compressor(
            Pipeline.Parse(yaml, "r"),
            new CompressionOptions { Train = TinyRun.Train, Preprocessing = Settings.Preprocessing }
        )
            .Run(network, null)
            .Network;
}
