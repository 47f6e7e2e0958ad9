using System.Collections.Immutable;
using Decant.Benchmarking;
using Decant.Core;
using Decant.Core.Operators;
using Decant.Data;
using Decant.Formats.Onnx;
using Decant.Quantization;
using Decant.Runs;
using Decant.Runtime;
using Decant.Tests.Benchmarking;
using Xunit;

namespace Decant.Tests.Quantization;

public sealed class RecurrentQuantizationTests
{
    private const int Steps = 5,
        Inputs = 6,
        Hidden = 8;

    [Theory]
    [InlineData("LSTM", 4, 1)]
    [InlineData("GRU", 3, 1)]
    [InlineData("LSTM", 4, 2)]
    public void WeightsHaveAScaleForEachRowOfAGate(string type, int gates, int directions)
    {
        QuantizationResult result = Quantize(Recurrent(type, gates, directions), new QuantizationOptions());
        foreach (string name in new[] { "w", "r" })
        {
            var linear = Assert.IsType<LinearEncoding>(result.Network.Weights[name].Encoding);
            Assert.Equal(directions == 1 ? gates * Hidden : 1, linear.Scales.Length);
        }
        Assert.IsType<LinearEncoding>(result.Network.Weights["fc"].Encoding);
        Assert.InRange(result.Report.After!["cosine similarity"], 0.998, 1);
        Assert.Equal([type, "fc"], result.Errors.Select(e => e.Layer));
    }

    [Fact]
    public void ALayerIsKeptWithAllItsWeights()
    {
        Network network = Recurrent("LSTM", 4, 1);
        float[] outlier = network.Weights["w"].Encoding.Decode().Array<float>();
        for (int row = 0; row < 4 * Hidden; row++)
            outlier[row * Inputs] = 60;
        network = network.With(
            new Dictionary<string, Encoding>(StringComparer.Ordinal)
            {
                ["w"] = new DenseEncoding(Tensor.Of(network.Weights["w"].Encoding.Shape, outlier)),
            }
        );
        QuantizationResult result = Quantize(network, new QuantizationOptions { KeepsWithin = 5 });
        Assert.Equal(["w", "r"], result.Options.Keep.Where(k => k is "w" or "r"));
        Assert.Equal(1, result.KeptLayers);
    }

    [OnnxRuntimeFact]
    public void TheExportAnswersTheSameInOnnxRuntime()
    {
        Network quantized = Quantize(Recurrent("GRU", 3, 1), new QuantizationOptions()).Network;
        Tensor x = Data(7).Read([0, 1, 2, 3, 4, 5, 6]).Inputs[0];
        float[] ours = new ReferenceExecutor(quantized).Run([x])[0].Array<float>();
        using var peer = new OnnxRuntimeSession(QdqWeights.Of(quantized));
        Assert.Equal(ours, peer.Run([x])[0].Array<float>(), (a, b) => Math.Abs(a - b) < 0.02);
    }

    private static QuantizationResult Quantize(Network network, QuantizationOptions options) =>
        new PostTrainingQuantization(
            options with
            {
                Preprocessing = Preprocessing.None,
            },
            new CompressionOptions
            {
                Train = Data(200),
                Test = Data(50),
                Task = new Fidelity(),
            }
        ).Run(network, null);

    /// <summary>The first input is always 0, whatever its weights are.</summary>
    private static ArraySource Data(int count)
    {
        Tensor x = Random(count, new Shape(count, Steps, Inputs));
        for (int at = 0; at < x.Count; at += Inputs)
            x.Span<float>()[at] = 0;
        return new ArraySource("steps", [new("x", x)]);
    }

    private static Tensor Random(int seed, Shape shape)
    {
        Rng rng = Rng.For((ulong)seed, "recurrent");
        return Tensor.Of(shape, [.. Enumerable.Range(0, (int)shape.Count).Select(_ => (float)rng.NextNormal())]);
    }

    /// <summary>Steps first, as layers of this kind read them; the last state goes to a matrix product.</summary>
    private static Network Recurrent(string type, int gates, int directions)
    {
        Attributes attributes = new(
            ("hidden_size", (long)Hidden),
            ("direction", directions == 1 ? "forward" : "bidirectional")
        );
        Operator layer = type == "LSTM" ? new LSTM(attributes) : new GRU(attributes);
        TensorType floats = new(ElementType.Float32, null);
        return new Network(
            "recurrent",
            [new("x", floats with { Shape = new Shape(Shape.Unknown, Steps, Inputs) })],
            [new("y", floats with { Shape = new Shape(Shape.Unknown, 10) })],
            [
                new("steps", new Transpose(new Attributes(("perm", ImmutableArray.Create(1L, 0L, 2L)))), ["x"], ["t"]),
                new(type, layer, ["t", "w", "r"], ["", "h"]),
                new("last", new Transpose(new Attributes(("perm", ImmutableArray.Create(1L, 0L, 2L)))), ["h"], ["n"]),
                new("flat", new Flatten(Attributes.None), ["n"], ["f"]),
                new("fc", new Gemm(Attributes.None), ["f", "fc"], ["y"]),
            ],
            [
                Weight("w", 1, directions, gates * Hidden, Inputs),
                Weight("r", 2, directions, gates * Hidden, Hidden),
                Weight("fc", 3, directions * Hidden, 10),
            ]
        );
    }

    private static Weight Weight(string name, int seed, params int[] shape)
    {
        Tensor values = Random(seed, new Shape(shape));
        return new Weight(
            name,
            new DenseEncoding(Tensor.Of(values.Shape, Array.ConvertAll(values.Array<float>(), v => v / 3)))
        );
    }
}
