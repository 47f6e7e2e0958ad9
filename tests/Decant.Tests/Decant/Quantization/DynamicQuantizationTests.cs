using Decant.Benchmarking;
using Decant.Core;
using Decant.Core.Operators;
using Decant.Data;
using Decant.Formats.Onnx;
using Decant.Quantization;
using Decant.Runs;
using Decant.Runtime;
using Decant.Techniques;
using Decant.Techniques.Quantization;
using Decant.Tests.Benchmarking;
using Xunit;

namespace Decant.Tests.Quantization;

public sealed class DynamicQuantizationTests
{
    private static readonly QuantizationOptions Dynamic = new() { Dynamic = true };

    /// <summary>Layers of each kind: an operator, the shape of what it reads, of its weight and bias.</summary>
    public static TheoryData<string, int[], int[], int> Layers =>
        new()
        {
            { "MatMul", [-1, 5, 12], [12, 7], 0 },
            { "Gemm", [-1, 12], [12, 7], 7 },
            { "Gemm transB=1 alpha=0.5", [-1, 12], [7, 12], 7 },
            { "Gemm", [-1, 12], [12, 7], 0 },
            { "Conv", [-1, 6, 8, 9], [4, 6, 3, 3], 4 },
            { "Conv group=2 pads", [-1, 6, 8, 9], [4, 3, 3, 3], 4 },
            { "Conv", [-1, 6, 8], [4, 6, 3], 0 },
        };

    [Theory]
    [MemberData(nameof(Layers))]
    public void ALayerComputesWhatItsCodesStandForAndIsExportedAsAnIntegerProduct(
        string layer,
        int[] read,
        int[] weight,
        int bias
    )
    {
        foreach (ScaleSharing per in Enum.GetValues<ScaleSharing>())
        foreach (QuantizationScheme scheme in new[] { QuantizationScheme.Symmetric, QuantizationScheme.Asymmetric })
        {
            Network network = Of(layer, read, weight, bias);
            Network quantized = Quantize(network, Dynamic with { Per = per, WeightScheme = scheme }).Network;
            Tensor[] inputs = SameAnswers.Inputs(network, 3);
            using var plain = new ReferenceExecutor(quantized, 1);
            IReadOnlyList<Tensor> expected = plain.Run(inputs);
            Network floats = network.With(
                new Dictionary<string, Encoding>(StringComparer.Ordinal)
                {
                    ["w"] = new DenseEncoding(quantized.Weights["w"].Encoding.Decode()),
                }
            );
            using var whole = new ReferenceExecutor(floats, 1);
            SameAnswers.Within(1e-5, whole.Run([Rounded(inputs[0])]), expected, $"{layer} of rounded inputs");
            Network export = QdqWeights.Of(quantized);
            Assert.Contains(export.Nodes, n => n.Operator is MatMulInteger or ConvInteger);
            Assert.DoesNotContain(export.Nodes, n => n.Operator is DequantizeLinear);
            Network back = Read(export);
            LinearEncoding codes = Assert.IsType<LinearEncoding>(
                back.Weights.Single(w => w.Encoding is LinearEncoding).Encoding
            );
            var made = (LinearEncoding)quantized.Weights["w"].Encoding;
            Assert.Equal(made.Codes.ToArray().Order(), codes.Codes.ToArray().Order());
            Assert.Equal(made.Scales.Length, codes.Scales.Length);
            Assert.DoesNotContain(back.Nodes, n => n.Operator is MatMulInteger or ConvInteger);
            using var again = new ReferenceExecutor(back, 1);
            SameAnswers.Within(1e-5, expected, again.Run(inputs), $"{layer}, read again");
            using InferenceSession ours = new InferenceModel(export).CreateSession();
            SameAnswers.Within(1e-5, expected, ours.Run(inputs), $"{layer}, exported");
            if (OnnxRuntimeLibrary.Problem is not null)
                continue;
            foreach (bool optimizes in new[] { false, true })
            {
                // A zero point a column, or a channel, is more than ONNX Runtime's convolutions take.
                if (layer.StartsWith("Conv", StringComparison.Ordinal) && scheme == QuantizationScheme.Asymmetric)
                    continue;
                using var theirs = new OnnxRuntimeSession(export, new OnnxRuntimeOptions { Optimizes = optimizes });
                SameAnswers.Within(1e-4, expected, theirs.Run(inputs), $"{layer}, ONNX Runtime, {optimizes}");
            }
        }
    }

    [Fact]
    public void NoDataAreNeededAndValuesThatSeveralLayersReadAreQuantizedOnce()
    {
        var x = new ValueInfo("x", new TensorType(ElementType.Float32, new Shape(Shape.Unknown, 4, 8)));
        var y = new ValueInfo("y", new TensorType(ElementType.Float32, new Shape(Shape.Unknown, 4, 8)));
        var network = new Network(
            "two",
            [x],
            [y, y with { Name = "z" }],
            [
                new Node("a", new MatMul(Attributes.None), ["x", "w"], ["y"]),
                new Node("b", new MatMul(Attributes.None), ["x", "v"], ["z"]),
            ],
            [Random("w", 8, 8), Random("v", 8, 8)]
        );
        QuantizationResult result = Quantize(network, Dynamic);
        Assert.Single(result.Network.Nodes, n => n.Operator is DynamicQuantizeLinear);
        Assert.Equal(2, result.Weights.Count);
        Network export = QdqWeights.Of(result.Network);
        Assert.Single(export.Nodes, n => n.Operator is DynamicQuantizeLinear);
        Assert.Equal(2, export.Nodes.Count(n => n.Operator is MatMulInteger));
    }

    [Fact]
    public void LayersThatCostTooMuchStayFloats()
    {
        Network network = Of("MatMul", [-1, 5, 12], [12, 7], 0);
        Tensor inputs = SameAnswers.Inputs(network, 20)[0];
        var data = new ArraySource("s", [new("x", inputs)]);
        var run = new CompressionOptions
        {
            Train = data,
            Test = data,
            Task = new Fidelity(),
        };
        var quantization = new PostTrainingQuantization(Dynamic with { KeepsWithin = 1 }, run);
        Assert.Empty(quantization.Run(network, null).Options.Keep);
        Assert.Throws<DataException>(() => Quantize(network, Dynamic with { KeepsWithin = 1 }));
        Assert.Throws<ModelException>(() =>
            new PostTrainingQuantization(Dynamic with { KeepsWithin = 1e-9 }, run).Run(network, null)
        );
    }

    [Fact]
    public void OptionsThatItDoesWithoutAreRefused()
    {
        foreach (
            QuantizationOptions wrong in new[]
            {
                Dynamic with
                {
                    ActivationBits = 4,
                },
                Dynamic with
                {
                    ActivationScheme = QuantizationScheme.Symmetric,
                },
                Dynamic with
                {
                    ActivationRange = new MseRange(),
                },
                Dynamic with
                {
                    WeightsOnly = true,
                },
            }
        )
            Assert.Contains(
                "'dynamic'",
                Assert.Throws<OptionsException>(() => Quantize(Of("MatMul", [-1, 3], [3, 2], 0), wrong)).Message,
                StringComparison.Ordinal
            );
    }

    private static Network Read(Network export)
    {
        using var stream = new MemoryStream();
        OnnxWriter.Write(export, stream);
        stream.Position = 0;
        return OnnxReader.Read(stream);
    }

    private static QuantizationResult Quantize(Network network, QuantizationOptions options) =>
        new PostTrainingQuantization(options, new CompressionOptions()).Run(network, null);

    private static Network Of(string layer, int[] read, int[] weight, int bias)
    {
        var x = new ValueInfo("x", new TensorType(ElementType.Float32, new Shape(read)));
        string[] words = layer.Split(' ');
        var attributes = new List<(string, object)>();
        if (words.Contains("transB=1"))
            attributes.AddRange([("transB", 1L), ("alpha", 0.5f)]);
        if (words.Contains("group=2"))
            attributes.AddRange([
                ("group", 2L),
                ("pads", System.Collections.Immutable.ImmutableArray.Create(1L, 0, 2, 1)),
            ]);
        Attributes all = new([.. attributes]);
        Operator op = words[0] switch
        {
            "MatMul" => new MatMul(all),
            "Gemm" => new Gemm(all),
            _ => new Conv(all),
        };
        return new Network(
            layer,
            [x],
            [new ValueInfo("y", new TensorType(ElementType.Float32, null))],
            [new Node("layer", op, bias > 0 ? ["x", "w", "b"] : ["x", "w"], ["y"])],
            bias > 0 ? [Random("w", weight), Random("b", bias)] : [Random("w", weight)]
        );
    }

    private static Weight Random(string name, params int[] shape)
    {
        var random = Rng.For(3, name);
        var dims = new Shape(shape);
        return new Weight(
            name,
            new DenseEncoding(
                Tensor.Of(dims, [.. Enumerable.Range(0, (int)dims.Count).Select(_ => (float)random.NextNormal())])
            )
        );
    }

    /// <summary>Each element at the nearest of 256 levels between the least and the largest, 0 among them.</summary>
    private static Tensor Rounded(Tensor x)
    {
        float[] values = x.Array<float>();
        float low = Math.Min(0, values.Min()),
            scale = (Math.Max(0, values.Max()) - low) / 255,
            zero = MathF.Round(-low / scale);
        return Tensor.Of(
            x.Shape,
            Array.ConvertAll(values, v => (Math.Clamp(MathF.Round(v / scale) + zero, 0, 255) - zero) * scale)
        );
    }
}
