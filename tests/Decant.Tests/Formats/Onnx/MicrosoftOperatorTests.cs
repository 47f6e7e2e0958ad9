using System.Collections.Immutable;
using Decant.Benchmarking;
using Decant.Core;
using Decant.Core.Operators;
using Decant.Runtime;
using Decant.Tests.Benchmarking;
using Xunit;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Formats.Onnx;

/// <summary>Operators of ONNX Runtime's own domain compute what they compute there.</summary>
public sealed class MicrosoftOperatorTests
{
    private const string Domain = "com.microsoft";
    private const int Columns = 24,
        Rows = 5;
    private const float Scale = 0.02f;

    public static TheoryData<string> Quantized =>
        new(
            "QLinearAdd",
            "QLinearMul",
            "QLinearSigmoid",
            "QLinearLeakyRelu",
            "QLinearConcat",
            "QLinearAveragePool",
            "QLinearGlobalAveragePool",
            "QGemm"
        );

    public static TheoryData<string> Floats =>
        new(
            "BiasGelu",
            "DynamicQuantizeMatMul",
            "FastGelu",
            "FastGelu bias",
            "FusedConv Relu",
            "FusedConv Clip",
            "FusedConv sum",
            "FusedGemm",
            "FusedMatMul",
            "Gelu",
            "MatMulIntegerToFloat",
            "MatMulNBits",
            "MatMulNBits zeros",
            "MatMulNBits 8",
            "QGemm floats",
            "QuickGelu",
            "SkipLayerNormalization",
            "SkipLayerNormalization sum",
            "SkipSimplifiedLayerNormalization"
        );

    [Theory]
    [MemberData(nameof(Quantized))]
    public void QuantizedFunctionsAgreeToALevel(string type)
    {
        foreach (bool hasSign in new[] { false, true })
        foreach (var (theirs, ours) in Answers(QuantizedModel(type, hasSign)))
        {
            double[] off = [.. theirs.Zip(ours, (a, b) => Math.Abs(a - b) / Scale)];
            Assert.All(off, d => Assert.True(d < 1.01, $"{type} is {d} levels away"));
            Assert.True(off.Count(d => d > 0.5) <= off.Length / 20, $"{type} differs at {off.Count(d => d > 0.5)}");
        }
    }

    [Theory]
    [MemberData(nameof(Floats))]
    public void FunctionsOfFloatsAgree(string type)
    {
        foreach (var (theirs, ours) in Answers(FloatModel(type)))
        {
            double largest = theirs.Max(v => Math.Abs(v));
            Assert.True(largest > 0.01);
            Assert.All(theirs.Zip(ours), p => Assert.True(Math.Abs(p.First - p.Second) <= 2e-5 * (1 + largest)));
        }
    }

    [Fact]
    public void AWeightInBlocksStaysOne()
    {
        Network network = FloatModel("MatMulNBits zeros").Read();
        var weight = Assert.IsType<LinearEncoding>(
            network.Weights[network.Nodes.Single(n => n.Operator is MatMul).Inputs[1]].Encoding
        );
        Assert.Equal((4, 0, 16), (weight.Bits, weight.Axis, weight.Block));
        Assert.Equal(new Shape(Columns, 7), weight.Shape);
    }

    [Theory]
    [InlineData("Frobnicate", "x", "operator 'Frobnicate' of domain 'com.microsoft' is not supported; supported of it")]
    [InlineData("FusedConv", "x w", "its activation 'Mish' is not supported")]
    [InlineData("FusedMatMul", "x x", "transposed batches")]
    [InlineData("MatMulNBits", "x b s", "input 1 is not a constant of")]
    [InlineData("QLinearConcat", "s s", "it has nothing to join")]
    public void WhatIsNotSupportedIsRefusedInALine(string type, string inputs, string message)
    {
        (string, object)[] attributes = type switch
        {
            "FusedConv" => [("activation", "Mish")],
            "FusedMatMul" => [("transBatchA", 1L)],
            "MatMulNBits" => [("K", 24L), ("N", 1_000_000L), ("bits", 4L), ("block_size", 16L)],
            _ => [],
        };
        OnnxModelBuilder model = new OnnxModelBuilder()
            .Input("x", 1, 1, 4, 4)
            .Output("y")
            .Weight("w", Random(new Rng(1), 1, 1, 3, 3))
            .Weight("s", Tensor.Scalar(0.5f))
            .Weight("b", Tensor.Of(new Shape(1, 2, 8), new byte[16]))
            .Of(Domain, type, inputs, "y", attributes);
        var refused = Assert.Throws<ModelException>(() => model.Read());
        Assert.StartsWith($"node 'y' ({type}): ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    /// <summary>What ONNX Runtime answers, and each of our executors.</summary>
    private static IEnumerable<(double[] Theirs, double[] Ours)> Answers(OnnxModelBuilder model)
    {
        byte[] file = model.Build();
        Network network = Decant.Formats.Onnx.OnnxReader.Read(new MemoryStream(file));
        using var peer = new OnnxRuntimeSession(file, new OnnxRuntimeOptions { Optimizes = false });
        var rng = new Rng(5);
        Tensor[] inputs = [.. network.Inputs.Select(i => Random(rng, [.. i.Type.Shape!.Value.Dims]))];
        IReadOnlyList<Tensor> theirs = peer.Run(inputs);
        using var reference = new ReferenceExecutor(network);
        using InferenceSession session = new InferenceModel(network).CreateSession();
        foreach (IExecutor executor in new IExecutor[] { reference, session })
        {
            IReadOnlyList<Tensor> ours = executor.Run(inputs);
            Assert.Equal(theirs.Select(t => t.Shape), ours.Select(t => t.Shape));
            for (int o = 0; o < ours.Count; o++)
                yield return (WildModels.Doubles(theirs[o]), WildModels.Doubles(ours[o]));
        }
    }

    /// <summary>A quantized input, the operator, and its output in floats.</summary>
    private static OnnxModelBuilder QuantizedModel(string type, bool hasSign)
    {
        Tensor Zero(int value) => hasSign ? Tensor.Scalar((sbyte)(value - 128)) : Tensor.Scalar((byte)value);
        OnnxModelBuilder model = new OnnxModelBuilder()
            .Weight("s", Tensor.Scalar(0.0137f))
            .Weight("z", Zero(120))
            .Weight("t", Tensor.Scalar(Scale))
            .Weight("u", Zero(131));
        bool isImage = type.EndsWith("Pool", StringComparison.Ordinal);
        (isImage ? model.Input("x", 2, 3, 6, 6) : model.Input("x", Rows, Columns))
            .Output("y")
            .Node("QuantizeLinear", "x s z", "q")
            .Node("DequantizeLinear", "r t u", "y");
        return type switch
        {
            "QLinearAdd" or "QLinearMul" => model
                .Input("x2", Columns)
                .Node("QuantizeLinear", "x2 t u", "q2")
                .Of(Domain, type, "q s z q2 t u t u", "r"),
            "QLinearSigmoid" => model.Of(Domain, type, "q s z t u", "r"),
            "QLinearLeakyRelu" => model.Of(Domain, type, "q s z t u", "r", ("alpha", 0.3f)),
            "QLinearConcat" => model
                .Input("x2", Rows, 3)
                .Node("QuantizeLinear", "x2 t u", "q2")
                .Of(Domain, type, "t u q s z q2 t u", "r", ("axis", 1L)),
            "QLinearAveragePool" => model.Of(
                Domain,
                type,
                "q s z t u",
                "r",
                ("kernel_shape", Ints(3, 3)),
                ("strides", Ints(2, 2)),
                ("pads", Ints(1, 1, 1, 1))
            ),
            "QLinearGlobalAveragePool" => model.Of(Domain, type, "q s z t u", "r"),
            _ => Product(model, "q s z w ws wz c t u", "r"),
        };
    }

    private static OnnxModelBuilder Product(OnnxModelBuilder model, string inputs, string output) =>
        model
            .Weight("w", Codes(true, 7, Columns))
            .Weight("ws", Tensor.Vector(Positive(Random(new Rng(8), 7), 0.01f)))
            .Weight("wz", Tensor.Vector(Enumerable.Repeat((sbyte)0, 7).ToArray()))
            .Weight("c", Tensor.Vector(Enumerable.Range(0, 7).Select(i => 300 * i - 900).ToArray()))
            .Of(Domain, "QGemm", inputs, output, ("transB", 1L), ("alpha", 0.5f));

    private static OnnxModelBuilder FloatModel(string name)
    {
        var rng = new Rng(9);
        string type = name.Split(' ')[0],
            variant = name[type.Length..].Trim();
        OnnxModelBuilder model = new OnnxModelBuilder().Output("y");
        if (type != "FusedConv")
            model.Input("x", Rows, Columns);
        switch (type)
        {
            case "BiasGelu":
                return model.Weight("b", Random(rng, Columns)).Of(Domain, type, "x b", "y");
            case "FastGelu":
                return model.Weight("b", Random(rng, Columns)).Of(Domain, type, variant == "bias" ? "x b" : "x", "y");
            case "Gelu" or "QuickGelu":
                return model.Of(Domain, type, "x", "y");
            case "DynamicQuantizeMatMul":
                return model
                    .Weight("w", Codes(true, Columns, 7))
                    .Weight("s", Tensor.Vector(Positive(Random(rng, 7), 0.01f)))
                    .Weight("z", Tensor.Vector(Enumerable.Range(0, 7).Select(i => (sbyte)i).ToArray()))
                    .Weight("b", Random(rng, 7))
                    .Of(Domain, type, "x w s z b", "y");
            case "MatMulIntegerToFloat":
                return model
                    .Node("DynamicQuantizeLinear", "x", "q xs xz")
                    .Weight("w", Codes(false, Columns, 7))
                    .Weight("s", Tensor.Vector(Positive(Random(rng, 7), 0.01f)))
                    .Weight("z", Tensor.Vector(Enumerable.Range(0, 7).Select(i => (byte)(120 + i)).ToArray()))
                    .Weight("b", Random(rng, 7))
                    .Of(Domain, type, "q w xs s xz z b", "y");
            case "FusedConv":
                return model
                    .Input("x", 1, 3, 6, 6)
                    .Input("z", 1, 4, 6, 6)
                    .Weight("w", Random(rng, 4, 3, 3, 3))
                    .Weight("b", Random(rng, 4))
                    .Node("Mul", "z b2", "unread")
                    .Weight("b2", Random(rng, 1))
                    .Of(
                        Domain,
                        type,
                        variant == "sum" ? "x w b z" : "x w b",
                        "y",
                        ("pads", Ints(1, 1, 1, 1)),
                        ("activation", variant == "Clip" ? "Clip" : "Relu"),
                        ("activation_params", variant == "Clip" ? [-0.25f, 0.5f] : ImmutableArray<float>.Empty)
                    );
            case "FusedGemm":
                return model
                    .Weight("w", Random(rng, Columns, 7))
                    .Weight("b", Random(rng, 7))
                    .Of(
                        Domain,
                        type,
                        "x w b",
                        "y",
                        ("alpha", 0.5f),
                        ("activation", "LeakyRelu"),
                        ("activation_alpha", 0.2f)
                    );
            case "FusedMatMul":
                return model.Input("x2", 7, Columns).Of(Domain, type, "x x2", "y", ("transB", 1L), ("alpha", 0.125f));
            case "QGemm":
                return Product(
                    model
                        .Weight("s", Tensor.Scalar(0.01f))
                        .Weight("z", Tensor.Scalar((byte)120))
                        .Node("QuantizeLinear", "x s z", "q"),
                    "q s z w ws wz c",
                    "y"
                );
            case "MatMulNBits":
                return Blocks(model, variant == "8" ? 8 : 4, variant == "zeros");
            default:
                return Normalization(model, type, variant == "sum");
        }
    }

    private static OnnxModelBuilder Blocks(OnnxModelBuilder model, int bits, bool hasZeros)
    {
        const int outputs = 7,
            block = 16,
            blocks = 2;
        var rng = new Rng(10);
        byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(_ => (byte)rng.Next(256))];
        return model
            .Weight(
                "w",
                Tensor.Of(new Shape(outputs, blocks, block * bits / 8), Bytes(outputs * blocks * block * bits / 8))
            )
            .Weight("s", Tensor.Vector(Positive(Random(rng, outputs * blocks), 0.1f)))
            .Weight("z", Tensor.Vector(Bytes(outputs)))
            .Of(
                Domain,
                "MatMulNBits",
                hasZeros ? "x w s z" : "x w s",
                "y",
                ("K", (long)Columns),
                ("N", (long)outputs),
                ("bits", (long)bits),
                ("block_size", (long)block)
            );
    }

    private static OnnxModelBuilder Normalization(OnnxModelBuilder model, string type, bool hasSum)
    {
        var rng = new Rng(11);
        model
            .Input("x2", Rows, Columns)
            .Weight("g", Random(rng, Columns))
            .Weight("b", Random(rng, Columns))
            .Weight("c", Random(rng, Columns));
        if (hasSum)
            model.Output("sum");
        string outputs = hasSum ? "y - - sum" : "y";
        return type == "SkipLayerNormalization"
            ? model.Of(Domain, type, "x x2 g b c", outputs, ("epsilon", 1e-5f))
            : model.Of(Domain, type, "x x2 g c", outputs);
    }

    /// <summary>Weights of 7 bits, for which no processor's 16-bit sums overflow.</summary>
    private static Tensor Codes(bool hasSign, int rows, int columns)
    {
        var rng = new Rng(12);
        byte[] codes = [.. Enumerable.Range(0, rows * columns).Select(_ => (byte)rng.Next(128))];
        var shape = new Shape(rows, columns);
        return hasSign ? Tensor.Of(shape, Array.ConvertAll(codes, c => (sbyte)(c - 64))) : Tensor.Of(shape, codes);
    }

    private static float[] Positive(Tensor tensor, float most) =>
        Array.ConvertAll(tensor.Array<float>(), v => most * (0.1f + 0.9f * Math.Abs(v)));
}
