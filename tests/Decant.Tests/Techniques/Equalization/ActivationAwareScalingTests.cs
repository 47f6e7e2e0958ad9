using Decant.Core;
using Decant.Core.Operators;
using Decant.Data;
using Decant.Runtime;
using Decant.Techniques;
using Decant.Techniques.Equalization;
using Decant.Techniques.Quantization;
using Decant.Tests.Benchmarking;
using Xunit;

namespace Decant.Tests.Techniques.Equalization;

public sealed class ActivationAwareScalingTests
{
    private const int Width = 32;

    private static readonly ActivationAwareScalingOptions Four = new() { Bits = 4, Range = new MinMaxRange() };

    /// <summary>What makes the value that layers read.</summary>
    public static TheoryData<string> Makers => ["norm", "rms", "gemm", "matmul and bias", "gate"];

    [Theory]
    [MemberData(nameof(Makers))]
    public void TheNetworkComputesTheSameAndLosesLessWhenItIsQuantized(string maker)
    {
        Network network = Of(maker);
        (Network scaled, string[] changed) = Scale(network, Four);
        Assert.Equal(["v"], changed);
        Tensor[] inputs = [Inputs(50, 9)];
        IReadOnlyList<Tensor> expected = Run(network, inputs);
        SameAnswers.Within(1e-5, expected, Run(scaled, inputs), maker);
        double plain = Error(expected, Run(Quantized(network), inputs)),
            aware = Error(expected, Run(Quantized(scaled), inputs));
        Assert.True(aware < 0.6 * plain, $"{maker}: {aware} where {plain} is lost without");
    }

    [Fact]
    public void TheExponentIsThatOfTheLeastErrorOfAll()
    {
        Network network = Of("gemm");
        Tensor[] inputs = [Inputs(400, 1)];
        IReadOnlyList<Tensor> expected = Run(network, inputs);
        double chosen = Error(expected, Run(Quantized(Scale(network, Four).Network), inputs));
        float[] read = Run(With(network, [], Value("v")), inputs)[0].Array<float>();
        double[] power =
        [
            .. Enumerable
                .Range(0, Width)
                .Select(c => Enumerable.Range(0, 400).Average(i => Math.Pow(read[i * Width + c], 2))),
        ];
        ScaledValue value = Assert.Single(ScaledValue.Of(network, new HashSet<string> { "a", "b" }));
        for (double alpha = 0; alpha < 1.01; alpha += 0.25)
        {
            double middle = Math.Pow(power.Max() * power.Min(), alpha / 4);
            Network other = value.Scaled(network, Array.ConvertAll(power, p => Math.Pow(p, alpha / 2) / middle));
            Assert.True(chosen <= 1.02 * Error(expected, Run(Quantized(other), inputs)), $"exponent {alpha}");
        }
    }

    [Fact]
    public void WhatIsReadByMoreThanSelectedProductsStays()
    {
        Network network = Of("norm");
        var residual = new Node("sum", new Add(Attributes.None), ["v", "x"], ["w"]);
        Assert.Empty(Scale(With(network, [residual], Value("w")), Four).Changed);
        Assert.Empty(Scale(With(network, [], Value("v")), Four).Changed);
        Assert.Empty(Scale(network, Four, "a").Changed);
    }

    [Fact]
    public void ChannelsThatAreZeroAndValuesThatAreNotFiniteAreTakenCareOf()
    {
        Network network = Of("gemm");
        float[] maker = network.Weights["m"].Encoding.Decode().Array<float>().ToArray();
        maker.AsSpan(0, Width).Clear();
        Network dead = network.With(
            new Dictionary<string, Encoding>(StringComparer.Ordinal)
            {
                ["m"] = new DenseEncoding(Tensor.Of(new Shape(Width, Width), maker)),
                ["c"] = new DenseEncoding(Tensor.Of(new Shape(Width), new float[Width])),
            }
        );
        Tensor[] inputs = [Inputs(20, 2)];
        SameAnswers.Within(1e-5, Run(dead, inputs), Run(Scale(dead, Four).Network, inputs), "a dead channel");
        float[] infinite = Inputs(20, 2).Array<float>();
        infinite[5] = float.PositiveInfinity;
        Assert.Contains(
            "not finite",
            Assert
                .Throws<ModelException>(() => Scale(Of("gemm"), Four, data: Tensor.Of(new Shape(20, Width), infinite)))
                .Message,
            StringComparison.Ordinal
        );
    }

    /// <summary>A value 'v', some of whose channels are large, and two products that read it.</summary>
    private static Network Of(string maker)
    {
        var weights = new List<Weight>
        {
            Random("a", 1, Width, 24),
            Random("b", 2, 16, Width),
            Random("m", 3, Width, Width),
            Random("g", 4, Width, Width),
        };
        float[] sizes = [.. Enumerable.Range(0, Width).Select(i => i % 11 == 3 ? 20f : 0.5f + i % 3)];
        Weight Vector(string name, float factor) =>
            new(name, new DenseEncoding(Tensor.Of(new Shape(Width), Array.ConvertAll(sizes, s => s * factor))));
        // Outputs lie along axis 0 of 'm' and of 'g', and are as large as the sizes say.
        weights[2] = weights[2] with
        {
            Encoding = ScaledValue.Times(weights[2], 0, Array.ConvertAll(sizes, s => (double)s)),
        };
        weights.AddRange([Vector("s", 1), Vector("c", 0.1f)]);
        Attributes turned = new(("transB", 1L));
        Node[] made = maker switch
        {
            "norm" => [new Node("n", new LayerNormalization(Attributes.None), ["x", "s", "c"], ["v"])],
            "rms" => [new Node("n", new RMSNormalization(Attributes.None), ["x", "s"], ["v"])],
            "gemm" =>
            [
                new Node("n", new Gemm(turned), ["x", "m", "c"], ["h"]),
                new Node("r", new Relu(Attributes.None), ["h"], ["v"]),
            ],
            "matmul and bias" =>
            [
                new Node("n", new Gemm(turned), ["x", "m"], ["h"]),
                new Node("p", new Add(Attributes.None), ["c", "h"], ["v"]),
            ],
            _ =>
            [
                new Node("n", new Gemm(turned), ["x", "m"], ["h"]),
                new Node("q", new Gemm(turned), ["x", "g"], ["k"]),
                new Node("t", new Sigmoid(Attributes.None), ["k"], ["l"]),
                new Node("p", new Mul(Attributes.None), ["l", "h"], ["v"]),
            ],
        };
        Node[] nodes =
        [
            .. made,
            new Node("first", new MatMul(Attributes.None), ["v", "a"], ["y"]),
            new Node("second", new Gemm(turned), ["v", "b"], ["z"]),
        ];
        return new Network(
            maker,
            [Value("x", Width)],
            [Value("y"), Value("z")],
            [.. nodes],
            [.. weights.Where(w => nodes.Any(n => n.Inputs.Contains(w.Name, StringComparer.Ordinal)))]
        );
    }

    private static (Network Network, string[] Changed) Scale(
        Network network,
        ActivationAwareScalingOptions options,
        string? only = null,
        Tensor? data = null
    )
    {
        Weight[] weights = [.. network.Weights.Where(w => only is null || w.Name == only)];
        var context = new TechniqueContext(network, weights)
        {
            Data = new ArraySource("s", [new("x", data ?? Inputs(400, 1))]),
        };
        IReadOnlyList<PlannedChange> plan = new ActivationAwareScaling(options).Plan(context);
        return (plan.Aggregate(network, (n, change) => change.Apply(n)), [.. plan.Select(p => p.Target)]);
    }

    /// <summary>The network with further nodes, and an output before its own.</summary>
    private static Network With(Network network, Node[] nodes, ValueInfo output) =>
        new(
            network.Name,
            network.Inputs,
            [output, .. network.Outputs],
            [.. network.Nodes, .. nodes],
            [.. network.Weights]
        );

    private static Network Quantized(Network network)
    {
        var quantization = new WeightQuantization(
            new WeightQuantizationOptions { Bits = 4, Range = new MinMaxRange() }
        );
        Weight[] read = [network.Weights["a"], network.Weights["b"]];
        return quantization
            .Plan(new TechniqueContext(network, read))
            .Aggregate(network, (n, change) => change.Apply(n));
    }

    private static IReadOnlyList<Tensor> Run(Network network, Tensor[] inputs)
    {
        using var executor = new ReferenceExecutor(network, 1);
        return executor.Run(inputs);
    }

    private static double Error(IReadOnlyList<Tensor> expected, IReadOnlyList<Tensor> actual) =>
        expected
            .Zip(actual)
            .Sum(p => p.First.Array<float>().Zip(p.Second.Array<float>(), (a, b) => Math.Pow(a - b, 2)).Sum());

    private static Tensor Inputs(int count, ulong seed) => Random("x", seed, count, Width).Encoding.Decode();

    private static Weight Random(string name, ulong seed, params int[] shape)
    {
        var random = Rng.For(seed, name);
        var dims = new Shape(shape);
        return new Weight(
            name,
            new DenseEncoding(
                Tensor.Of(dims, [.. Enumerable.Range(0, (int)dims.Count).Select(_ => (float)random.NextNormal())])
            )
        );
    }

    private static ValueInfo Value(string name, params int[] shape) =>
        new(name, new TensorType(ElementType.Float32, shape.Length == 0 ? null : new Shape([Shape.Unknown, .. shape])));
}
