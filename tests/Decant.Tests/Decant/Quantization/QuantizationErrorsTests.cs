using Decant.Core;
using Decant.Core.Operators;
using Decant.Data;
using Decant.Pipelines;
using Decant.Quantization;
using Decant.Runs;
using Decant.Techniques;
using Decant.Techniques.Quantization;
using Decant.Tests.Runs;
using Decant.Tests.Torch;
using Xunit;

namespace Decant.Tests.Quantization;

[Collection("libtorch")]
public sealed class QuantizationErrorsTests
{
    private static readonly Preprocessing Pixels = Preprocessing.Parse("scale=1/255");

    [TorchFact]
    public void EachBitOfWeightsBringsAboutSixDecibelsAndLayersNoiseAddsUp()
    {
        Network network = TinyRun.Network();
        IReadOnlyList<LayerError> four = Errors(
                network,
                new QuantizationOptions { WeightBits = 4, ActivationBits = 0 }
            ),
            eight = Errors(network, new QuantizationOptions { WeightBits = 8, ActivationBits = 0 });
        Assert.Equal(["fc1", "fc2"], four.Select(e => e.Layer));
        foreach (var (coarse, fine) in four.Zip(eight))
            Assert.InRange(fine.Sqnr - coarse.Sqnr, 4 * 4.5, 4 * 7.5);
        // Noise of layers by themselves adds up to about that of all.
        Assert.Equal(four[^1].Sqnr, -10 * Math.Log10(four.Sum(e => Math.Pow(10, -e.AloneSqnr / 10))), 3.0);
    }

    [Fact]
    public void ALayerThatGetsABiasIsMeasuredAndGivenBack()
    {
        Network network = TinyRun.Network();
        Node fc2 = network.Nodes.Single(n => n.Name == "fc2");
        network = new Network(
            network.Name,
            network.Inputs,
            network.Outputs,
            [.. network.Nodes.Select(n => n == fc2 ? n with { Inputs = n.Inputs[..2] } : n)],
            network.Weights.Where(w => w.Name != fc2.Inputs[2])
        );
        Network quantized = new PostTrainingQuantization(
            new QuantizationOptions { Preprocessing = Pixels, WeightBits = 3 },
            new CompressionOptions { Train = TinyRun.Train }
        )
            .Run(network, null)
            .Network;
        Assert.Equal(3, quantized.Nodes.Single(n => n.Name == "fc2").Inputs.Length);
        IReadOnlyList<LayerError> errors = QuantizationErrors.Of(network, quantized, TinyRun.Train, Pixels);
        Assert.Equal(["fc1", "fc2"], errors.Select(e => e.Layer));
        Assert.InRange(errors[1].AloneSqnr, 5, 40);
        var layers = new QuantizedLayers(network, quantized);
        Assert.Equal(2, layers.Restored([layers.All[1]]).Nodes.Single(n => n.Name == "fc2").Inputs.Length);
    }

    [Fact]
    public void EveryOutputOfExamplesIsLookedAt()
    {
        IReadOnlyList<LayerError> first = Of("fc2"),
            second = Of("fc3"),
            both = Of("fc2", "count", "mean", "fc3");
        Assert.Equal(["fc1", "fc2", "fc3"], both.Select(e => e.Layer));
        Assert.Equal(both, Of("mean", "fc3", "count", "fc2"));
        // Each layer by the output that suffers most; what one does not reach leaves it as it was.
        Assert.Equal(first.Zip(second, (a, b) => Math.Min(a.AloneSqnr, b.AloneSqnr)), both.Select(e => e.AloneSqnr));
        Assert.True(double.IsPositiveInfinity(first[2].AloneSqnr) && double.IsFinite(both[2].AloneSqnr));
        Assert.NotEqual(first[0].AloneSqnr, second[0].AloneSqnr);
        Assert.Contains(
            "hold floats for each example, and 'tiny' has none",
            Assert.Throws<ModelException>(() => Of("mean", "count")).Message
        );

        static IReadOnlyList<LayerError> Of(params string[] outputs)
        {
            Network network = WithOutputs(outputs);
            Network quantized = new WeightQuantization(new WeightQuantizationOptions { Bits = 3 })
                .Plan(new TechniqueContext(network, [.. network.Weights.Where(w => w.Encoding.Shape.Rank > 1)]))
                .Aggregate(network, (n, change) => change.Apply(n));
            return QuantizationErrors.Of(network, quantized, TinyRun.Train, Pixels);
        }
    }

    /// <summary>A second layer beside the last, a mean of all examples, and a count that is no float.</summary>
    private static Network WithOutputs(string[] outputs)
    {
        Network tiny = TinyRun.Network();
        Weight like = tiny.Weights["fc2.weight"];
        float[] values = like.Encoding.Decode().Array<float>();
        Node last = tiny.Graph.Producer("fc2")!;
        return new Network(
            tiny.Name,
            tiny.Inputs,
            [
                .. outputs.Select(o => new ValueInfo(
                    o,
                    new TensorType(o == "count" ? ElementType.Int64 : ElementType.Float32, null)
                )),
            ],
            [
                .. tiny.Nodes,
                new Node("fc3", last.Operator, [last.Inputs[0], "fc3.weight"], ["fc3"]),
                new Node("mean", new ReduceMean(new Attributes(("keepdims", 0L))), ["fc3"], ["mean"]),
                new Node("count", new Decant.Core.Operators.Inspection.Shape(Attributes.None), ["fc3"], ["count"]),
            ],
            [
                .. tiny.Weights,
                new Weight("fc3.weight", Tensor.Of(like.Encoding.Shape, Array.ConvertAll(values, v => v * v))),
            ]
        );
    }

    [TorchFact]
    public void ARecipeOfSettingsKeepsWhatItIsToldTo()
    {
        Network network = TinyRun.Network();
        Pipeline recipe = QuantizationRecipe.Of(
            network,
            new QuantizationOptions { Keep = ["fc2*"], Preprocessing = Pixels }
        );
        Network quantized = new Compressor(recipe, new CompressionOptions { Train = TinyRun.Train })
            .Run(network, null)
            .Network;
        Assert.Equal(
            ("linear", "dense"),
            (quantized.Weights["fc1.weight"].Encoding.Kind, quantized.Weights["fc2.weight"].Encoding.Kind)
        );
        Assert.Equal(
            "'fc9' matches no layer's weight; there are fc1.weight, fc2.weight",
            Assert
                .Throws<ModelException>(() =>
                    QuantizationRecipe.Of(network, new QuantizationOptions { Keep = ["fc9"] })
                )
                .Message
        );
        Assert.Contains(
            "remains to quantize",
            Assert
                .Throws<ModelException>(() => QuantizationRecipe.Of(network, new QuantizationOptions { Keep = ["*"] }))
                .Message
        );
    }

    [TorchFact]
    public void CorrectedBiasesLeaveTheMeanAnswerWhereItWas()
    {
        Network network = TinyRun.Network();
        double plain = Shift(network, corrects: false),
            corrected = Shift(network, corrects: true);
        Assert.True(corrected < 0.5 * plain, $"{corrected} against {plain}");
    }

    /// <summary>How far the mean of each answer over the images moves.</summary>
    private static double Shift(Network network, bool corrects)
    {
        Network quantized = Quantize(
            network,
            new QuantizationOptions
            {
                WeightBits = 3,
                ActivationBits = 0,
                CorrectsBias = corrects,
            }
        );
        double[] was = Means(network),
            now = Means(quantized);
        return Math.Sqrt(was.Zip(now, (a, b) => (a - b) * (a - b)).Sum());
    }

    private static double[] Means(Network network)
    {
        Tensor images = Tensor.Of(
            new Shape(200, 1, 7, 7),
            Array.ConvertAll(TinyRun.Train.Images.Array<byte>(), b => b / 255f)
        );
        float[] answers = new Decant.Runtime.ReferenceExecutor(network, 1).Run([images])[0].Array<float>();
        return
        [
            .. Enumerable.Range(0, 10).Select(c => Enumerable.Range(0, 200).Average(i => (double)answers[i * 10 + c])),
        ];
    }

    private static IReadOnlyList<LayerError> Errors(Network network, QuantizationOptions settings) =>
        QuantizationErrors.Of(network, Quantize(network, settings), TinyRun.Train, Pixels);

    private static Network Quantize(Network network, QuantizationOptions settings) =>
        new Compressor(
            QuantizationRecipe.Of(network, settings with { Preprocessing = Pixels }),
            new CompressionOptions { Train = TinyRun.Train }
        )
            .Run(network, null)
            .Network;
}
