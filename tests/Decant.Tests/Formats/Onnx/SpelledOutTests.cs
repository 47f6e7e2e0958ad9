using Decant.Core;
using Decant.Runtime;
using Xunit;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Formats.Onnx;

/// <summary>LayerNormalization and Gelu of older opsets become operators, and compute what was spelled out.</summary>
public sealed class SpelledOutTests
{
    private const int Width = 12;

    private static readonly Tensor Scale = Random(new Rng(1), Width),
        Bias = Random(new Rng(2), Width);

    [Theory]
    [InlineData("Pow", "n scale", "s bias")]
    [InlineData("Mul", "scale n", "bias s")]
    public void ANormalizationBecomesOneOperator(string square, string scaled, string shifted)
    {
        Network network = Normalization(square)
            .Node("Mul", scaled, "s")
            .Node("Add", shifted, "y")
            .Output("y", "N", "T", Width)
            .Read();
        Assert.Equal(["LayerNormalization"], network.Nodes.Select(n => n.Operator.Type));
        Assert.Equal(["scale", "bias"], network.Weights.Select(w => w.Name));
        Agrees(network, x => Normalized(x, Scale.Array<float>(), Bias.Array<float>()));
    }

    [Fact]
    public void ANormalizationNeedsNoBias()
    {
        Network network = Normalization("Pow").Node("Mul", "n scale", "y").Output("y", "N", "T", Width).Read();
        Assert.Equal(["LayerNormalization"], network.Nodes.Select(n => n.Operator.Type));
        Agrees(network, x => Normalized(x, Scale.Array<float>(), new float[Width]));
    }

    [Fact]
    public void WhatIsAddedToANormalizationIsNoBias()
    {
        Network network = Normalization("Pow")
            .Node("Mul", "n scale", "s")
            .Node("Add", "s x", "y")
            .Output("y", "N", "T", Width)
            .Read();
        Assert.Equal(["LayerNormalization", "Add"], network.Nodes.Select(n => n.Operator.Type));
    }

    [Theory]
    [InlineData("c")]
    [InlineData("v")]
    [InlineData("n")]
    public void WhatIsReadInBetweenStays(string output)
    {
        Network network = Normalization("Pow")
            .Node("Mul", "n scale", "s")
            .Node("Add", "s bias", "y")
            .Output("y", "N", "T", Width)
            .Output(output, "N", "T", Width)
            .Read();
        Assert.DoesNotContain(network.Nodes, n => n.Operator.Type == "LayerNormalization");
    }

    [Fact]
    public void MeansOverAnotherAxisStay()
    {
        Network network = Normalization("Pow", axis: 1)
            .Node("Mul", "n scale", "s")
            .Node("Add", "s bias", "y")
            .Output("y", "N", "T", Width)
            .Read();
        Assert.DoesNotContain(network.Nodes, n => n.Operator.Type == "LayerNormalization");
    }

    [Theory]
    [InlineData("Div", "x a; h half", false)]
    [InlineData("Mul", "x a; h half", false)]
    [InlineData("Div", "a half; h x", false)]
    [InlineData("Div", "x2 a", true)]
    public void AGeluBecomesOneOperator(string scaling, string products, bool halved)
    {
        Network network = Gelu(scaling, MathF.Sqrt(scaling == "Div" ? 2 : 0.5f), products, halved);
        Assert.Equal(["Gelu"], network.Nodes.Select(n => n.Operator.Type));
        Assert.Empty(network.Weights);
        Agrees(network, x => [.. x.Select(v => (float)(v * NormalDistribution(v)))]);
    }

    [Theory]
    [InlineData(1.5f, "x a; h half")]
    [InlineData(1.41421356f, "x a; h x")]
    [InlineData(1.41421356f, "a a; h half")]
    public void WhatOnlyLooksLikeAGeluStays(float divisor, string products) =>
        Assert.DoesNotContain(Gelu("Div", divisor, products, false).Nodes, n => n.Operator.Type == "Gelu");

    private static OnnxModelBuilder Normalization(string square, int axis = -1) =>
        new OnnxModelBuilder(11)
            .Input("x", "N", "T", Width)
            .Weight("scale", Scale)
            .Weight("bias", Bias)
            .Weight("two", Tensor.Scalar(2f))
            .Weight("eps", Tensor.Scalar(1e-3f))
            .Node("ReduceMean", "x", "m", ("axes", Ints(axis)))
            .Node("Sub", "x m", "c")
            .Node(square, square == "Pow" ? "c two" : "c c", "q")
            .Node("ReduceMean", "q", "v", ("axes", Ints(axis)))
            .Node("Add", "v eps", "e")
            .Node("Sqrt", "e", "r")
            .Node("Div", "c r", "n");

    private static Network Gelu(string scaling, float number, string products, bool halved)
    {
        OnnxModelBuilder builder = new OnnxModelBuilder(11)
            .Input("x", "N", "T", Width)
            .Weight("root", Tensor.Scalar(number))
            .Weight("one", Tensor.Scalar(1f))
            .Weight("half", Tensor.Scalar(0.5f))
            .Node(scaling, "x root", "s")
            .Node("Erf", "s", "e")
            .Node("Add", "e one", "a");
        if (halved)
            builder.Node("Mul", "x half", "x2");
        string[] steps = products.Split("; ");
        for (int i = 0; i < steps.Length; i++)
            builder.Node("Mul", steps[i], i == steps.Length - 1 ? "y" : "h");
        return builder.Output("y", "N", "T", Width).Read();
    }

    private static void Agrees(Network network, Func<float[], float[]> reference)
    {
        Tensor x = Random(new Rng(3), 2, 5, Width);
        using var executor = new ReferenceExecutor(network);
        float[] made = executor.Run([x])[0].Array<float>(),
            expected = [.. x.Array<float>().Chunk(Width).SelectMany(reference)];
        for (int i = 0; i < made.Length; i++)
            Assert.Equal(expected[i], made[i], 1e-5);
    }

    private static float[] Normalized(float[] x, float[] scale, float[] bias)
    {
        double mean = x.Average(v => (double)v),
            variance = x.Average(v => (v - mean) * (v - mean));
        return [.. x.Select((v, i) => (float)((v - mean) / Math.Sqrt(variance + 1e-3) * scale[i] + bias[i]))];
    }

    /// <summary>Φ(x), by Simpson's rule from 0.</summary>
    private static double NormalDistribution(double x)
    {
        const int Steps = 1000;
        double sum = 0,
            step = x / Steps;
        for (int i = 0; i <= Steps; i++)
            sum +=
                (
                    i is 0 or Steps ? 1
                    : i % 2 == 0 ? 2
                    : 4
                ) * Math.Exp(-i * step * i * step / 2);
        return 0.5 + sum * step / 3 / Math.Sqrt(2 * Math.PI);
    }
}
