using Decant.Core;
using Decant.Core.Operators;
using Decant.Data;
using Decant.Formats.Onnx;
using Decant.Quantization;
using Decant.Runtime;
using Decant.Techniques.Quantization;
using Decant.Tests.Benchmarking;
using Decant.Tests.Torch;
using Xunit;
using static Decant.Tests.Formats.Onnx.Models;

namespace Decant.Tests.Cases;

/// <summary>Networks that post-training quantization has answered wrongly, each for a kind of fault.</summary>
[Collection("libtorch")]
public sealed class QuantizationCaseTests
{
    [TorchFact]
    public void ABiasThatIsMadeTakesNobodysName()
    {
        Weight bias = QuantizedCase.Normal("fc.bias", 3, 1, 7);
        var network = new Network(
            "",
            [QuantizedCase.Image],
            [Value("y", Core.Shape.Unknown, 7)],
            [
                new("flat", Make("Flatten"), ["x"], ["f"]),
                new("fc", Make("Gemm"), ["f", "fc"], ["y0"]),
                new("add", Make("Add"), ["y0", "fc.bias"], ["y"]),
            ],
            [QuantizedCase.Normal("fc", 2, 0.1f, 192, 7), bias]
        );
        LabelledImages data = QuantizedCase.Images(new Core.Shape(3, 8, 8));
        Network quantized = QuantizedCase.Quantize(network, data).Network;
        Assert.Equal(
            bias.Encoding.Decode().Array<float>(),
            quantized.Weights["fc.bias"].Encoding.Decode().Array<float>()
        );
        Assert.InRange(Loss(network, quantized, data), 35, 80);
    }

    [OnnxRuntimeFact]
    public void AChannelWhoseBiasIsFarAboveItsWeightsIsRightEverywhere()
    {
        Weight weight = QuantizedCase.Normal("w", 2, 0.2f, 4, 3, 3, 3);
        float[] values = weight.Encoding.Decode().Array<float>();
        for (int i = 27; i < 54; i++)
            values[i] *= 1e-7f;
        Network network = QuantizedCase.Convolution(weight, new Weight("b", Tensor.Vector(0.1f, 70f, -0.2f, 0.3f)));
        Check(network);
        Network export = Exported(network);
        // One float bias would do: ONNX Runtime brings such to int32 itself, and clips what lies beyond.
        Node conv = export.Nodes.First(n => n.Name == "conv");
        Node bias = export.Graph.Producer(conv.Inputs[2])!;
        Assert.Equal(ElementType.Int32, export.Weights[bias.Inputs[0]].Encoding.Type);
    }

    [OnnxRuntimeFact]
    public void LargeActivationsTimesLargeWeightsDoNotSaturate()
    {
        // Pairs of products beyond 16 bits, which int8 kernels without VNNI clip.
        Weight weight = QuantizedCase.Normal("w", 2, 0.2f, 4, 3, 3, 3);
        float[] values = weight.Encoding.Decode().Array<float>();
        for (int i = 0; i < values.Length; i++)
            values[i] = values[i] >= 0 ? 0.5f : -0.5f;
        Network network = QuantizedCase.Convolution(weight, QuantizedCase.Normal("b", 3, 0.1f, 4));
        foreach (string scheme in new[] { "asymmetric", "symmetric" })
            Check(
                network,
                new QuantizationOptions
                {
                    Preprocessing = Preprocessing.None,
                    ActivationScheme = Enum.Parse<QuantizationScheme>(scheme, ignoreCase: true),
                }
            );
    }

    [TorchFact]
    public void LayersOfOneNameAreTwoLayers()
    {
        Network network = QuantizedCase.Convolution(
            QuantizedCase.Normal("w", 2, 0.2f, 4, 3, 3, 3),
            QuantizedCase.Normal("b", 3, 0.1f, 4),
            conv: "c",
            relu: "c"
        );
        var rewriter = new NetworkRewriter(network);
        rewriter.Replace(network.Nodes[^1], network.Nodes[^1] with { Name = "c" });
        Network same = rewriter.ToNetwork();
        LabelledImages data = QuantizedCase.Images(new Core.Shape(3, 8, 8));
        Assert.Equal(
            QuantizedCase.Ours(QuantizedCase.Quantize(network, data).Network, data.Images),
            QuantizedCase.Ours(QuantizedCase.Quantize(same, data).Network, data.Images)
        );
    }

    [OnnxRuntimeFact]
    public void AWeightThatIsReadAlongTwoAxesHasOneScale()
    {
        var network = new Network(
            "",
            [Value("x", Core.Shape.Unknown, 5)],
            [Value("y", Core.Shape.Unknown, 5)],
            [
                new("encode", Make("MatMul"), ["x", "w"], ["a"]),
                new("relu", Make("Relu"), ["a"], ["r"]),
                new("decode", Make("Gemm", ("transB", 1L)), ["r", "w"], ["y"]),
            ],
            [QuantizedCase.Normal("w", 2, 0.5f, 5, 3)]
        );
        LabelledImages data = QuantizedCase.Images(new Core.Shape(5), 100);
        Network quantized = QuantizedCase.Quantize(network, data).Network;
        Assert.Equal(-1, Assert.IsType<LinearEncoding>(quantized.Weights["w"].Encoding).Axis);
        Check(network, data: data);
    }

    [TorchFact]
    public void APercentileLeavesOutAnOutlier()
    {
        var network = new Network(
            "",
            [QuantizedCase.Image],
            [Value("y", Core.Shape.Unknown, 7)],
            [new("flat", Make("Flatten"), ["x"], ["f"]), new("fc", Make("Gemm"), ["f", "w"], ["y"])],
            [QuantizedCase.Normal("w", 2, 0.1f, 192, 7)]
        );
        LabelledImages data = QuantizedCase.Images(new Core.Shape(3, 8, 8), 200);
        foreach (string range in new[] { "percentile", "kl" })
        foreach (int count in new[] { 128, 150, 200 })
        {
            LabelledImages odd = QuantizedCase.Images(new Core.Shape(3, 8, 8), count);
            odd.Images.Array<float>()[5000] = 1e6f;
            Network quantized = QuantizedCase
                .Quantize(
                    network,
                    odd,
                    new QuantizationOptions
                    {
                        Preprocessing = Preprocessing.None,
                        ActivationRange = RangeRule.Parse(range),
                    }
                )
                .Network;
            Node quantizer = quantized.Nodes.First(n => n.Operator is QuantizeLinear);
            float scale = quantized.Weights[quantizer.Inputs[1]].Encoding.Decode().Array<float>()[0];
            Assert.InRange(255 * scale, 6.5f, 9.5f);
            Assert.InRange(Loss(network, quantized, data), 30, 60);
        }
    }

    [TorchFact]
    public void DataThatIsZeroThroughoutIsSaid()
    {
        Network network = QuantizedCase.Convolution(
            QuantizedCase.Normal("w", 2, 0.2f, 4, 3, 3, 3),
            QuantizedCase.Normal("b", 3, 0.1f, 4)
        );
        LabelledImages zero = QuantizedCase.Images(new Core.Shape(3, 8, 8), scale: 0);
        Assert.Contains(QuantizedCase.Quantize(network, zero).Report.Notes, n =>
            n.StartsWith("value 'x' is 0 for all calibration data", StringComparison.Ordinal)
        );
        LabelledImages data = QuantizedCase.Images(new Core.Shape(3, 8, 8));
        Assert.DoesNotContain(QuantizedCase.Quantize(network, data).Report.Notes, n =>
            n.Contains("calibration", StringComparison.Ordinal)
        );
    }

    [TorchFact]
    public void AParameterThatIsNotFiniteIsNamed()
    {
        foreach (float value in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        foreach (bool inBias in new[] { false, true })
        {
            Weight weight = QuantizedCase.Normal("w", 2, 0.2f, 4, 3, 3, 3),
                bias = QuantizedCase.Normal("b", 3, 0.1f, 4);
            (inBias ? bias : weight).Encoding.Decode().Array<float>()[1] = value;
            var error = Assert.Throws<ModelException>(() =>
                QuantizedCase.Quantize(
                    QuantizedCase.Convolution(weight, bias),
                    QuantizedCase.Images(new Core.Shape(3, 8, 8))
                )
            );
            Assert.Contains($"weight '{(inBias ? "b" : "w")}' holds ", error.Message, StringComparison.Ordinal);
        }
    }

    [TorchFact]
    public void AnExportThatIsReadBackHasItsWeights()
    {
        Network network = QuantizedCase.Convolution(
            QuantizedCase.Normal("w", 2, 0.2f, 4, 3, 3, 3),
            QuantizedCase.Normal("b", 3, 0.1f, 4)
        );
        LabelledImages data = QuantizedCase.Images(new Core.Shape(3, 8, 8));
        foreach (string scheme in new[] { "symmetric", "asymmetric" })
        foreach (int bits in new[] { 4, 8, 12 })
        {
            Network quantized = QuantizedCase
                .Quantize(
                    network,
                    data,
                    new QuantizationOptions
                    {
                        Preprocessing = Preprocessing.None,
                        WeightBits = bits,
                        WeightScheme = Enum.Parse<QuantizationScheme>(scheme, ignoreCase: true),
                    }
                )
                .Network;
            Network read = OnnxReader.Read(new MemoryStream(QuantizedCase.Bytes(QdqWeights.Of(quantized))));
            foreach (string name in new[] { "w", "v", "b" })
            {
                Encoding before = quantized.Weights[name].Encoding,
                    after = read.Weights[name].Encoding;
                Assert.Equal(before.Kind, after.Kind);
                Assert.InRange(after.Bits, 2, before.Bits);
                Assert.Equal(before.Decode().Array<float>(), after.Decode().Array<float>());
            }
            Assert.Equal(
                new ReferenceExecutor(quantized).Run([data.Images])[0].Array<float>(),
                new ReferenceExecutor(read).Run([data.Images])[0].Array<float>()
            );
        }
    }

    /// <summary>The export in ONNX Runtime is as near to the float network as our runtime is.</summary>
    private static void Check(Network network, QuantizationOptions? settings = null, LabelledImages? data = null)
    {
        data ??= QuantizedCase.Images(new Core.Shape(3, 8, 8));
        Network quantized = QuantizedCase.Quantize(network, data, settings).Network,
            export = QdqWeights.Of(quantized);
        Assert.All(export.Weights.Where(w => w.Encoding.Type is not (ElementType.Float32 or ElementType.Int32)), w =>
            Assert.Equal(ElementType.UInt8, w.Encoding.Type)
        );
        float[] whole = QuantizedCase.Ours(network, data.Images),
            ours = QuantizedCase.Ours(quantized, data.Images),
            theirs = QuantizedCase.OnnxRuntime(export, data.Images);
        double loss = QuantizedCase.Sqnr(whole, ours);
        Assert.InRange(loss, 30, 80);
        Assert.InRange(QuantizedCase.Sqnr(whole, theirs), loss - 1, loss + 3);
    }

    private static Network Exported(Network network) =>
        QdqWeights.Of(QuantizedCase.Quantize(network, QuantizedCase.Images(new Core.Shape(3, 8, 8))).Network);

    private static double Loss(Network network, Network quantized, LabelledImages data) =>
        QuantizedCase.Sqnr(QuantizedCase.Ours(network, data.Images), QuantizedCase.Ours(quantized, data.Images));
}
