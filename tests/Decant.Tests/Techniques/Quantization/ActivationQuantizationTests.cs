using Decant.Core;
using Decant.Core.Operators;
using Decant.Data;
using Decant.Runtime;
using Decant.Techniques;
using Decant.Tests.Runs;
using Decant.Tests.Torch;
using Xunit;

namespace Decant.Tests.Techniques.Quantization;

[Collection("libtorch")]
public sealed class ActivationQuantizationTests
{
    private static readonly Preprocessing Pixels = Preprocessing.Parse("scale=1/255");

    [TorchFact]
    public void WhatLayersReadLiesOnAGridAndTheAnswersStayNear()
    {
        Check(8, 0.02);
        Check(4, 0.25);
    }

    private static void Check(int bits, double share)
    {
        Network network = TinyRun.Network(),
            quantized = Apply(network, ("bits", $"{bits}"));
        Assert.Equal(
            ["flat", "fc1", "relu1", "fc2"],
            quantized
                .Nodes.Where(n => n.Operator is not (QuantizeLinear or DequantizeLinear or Clip))
                .Select(n => n.Name)
        );
        // Flatten moves the image's numbers only: what the layer reads is quantized, once.
        Assert.Equal(
            ["flat.quantize", "relu1.quantize"],
            quantized.Nodes.Where(n => n.Operator is QuantizeLinear).Select(n => n.Name)
        );
        Assert.Equal(bits < 8 ? 2 : 0, quantized.Nodes.Count(n => n.Operator is Clip));
        Tensor images = Tensor.Of(
            new Shape(20, 1, 7, 7),
            Array.ConvertAll(TinyRun.Train.Images.Array<byte>()[..980], b => b / 255f)
        );
        float[] whole = Run(network, images),
            coarse = Run(quantized, images);
        double noise = Math.Sqrt(whole.Zip(coarse, (a, b) => Math.Pow(a - b, 2)).Sum() / whole.Sum(a => a * a));
        Assert.InRange(noise, 1e-5, share);
        foreach (string value in new[] { "flat", "relu1" })
        {
            var levels = new Network(
                "",
                quantized.Inputs,
                [new ValueInfo($"{value}.codes", new TensorType(ElementType.UInt8, null))],
                quantized.Nodes,
                quantized.Weights
            );
            Assert.InRange(
                new ReferenceExecutor(levels, 1).Run([images])[0].Array<byte>().Max(),
                1 << (bits - 1),
                (1 << bits) - 1
            );
        }
    }

    /// <summary>
    /// Two layers read x, and a sum too: the layers' grid is theirs alone, and a node that is left out reads x itself.
    /// </summary>
    [TorchFact]
    public void AValueMayHaveAGridForLayersAndAnotherForSums()
    {
        Network network = Forked(),
            four = Apply(network, ("bits", "4"), ("readers", "layers"), ("skip", "second"));
        Assert.Equal("x.quantized", Node(four, "first").Inputs[0]);
        Assert.Equal("x", Node(four, "second").Inputs[0]);
        Assert.Equal("x", Node(four, "sum").Inputs[0]);
        Network both = Apply(four, ("bits", "8"));
        Assert.Equal(
            ("x.quantized", "x.2.quantized", "x.2.quantized"),
            (Node(both, "first").Inputs[0], Node(both, "second").Inputs[0], Node(both, "sum").Inputs[0])
        );
        Assert.Equal("x", Node(both, "x.clip").Inputs[0]);
        Assert.Equal("x", Node(both, "x.2.quantize").Inputs[0]);
        Assert.Equal(
            16.5,
            both.Weights["x.scale"].Encoding.Decode().Array<float>()[0]
                / both.Weights["x.2.scale"].Encoding.Decode().Array<float>()[0],
            1.0
        );
        Assert.Equal("x", Node(Apply(network, ("skip", "sum")), "sum").Inputs[0]);
        Assert.Throws<ModelException>(() => Apply(both, ("readers", "layers"), ("skip", "*")));
    }

    [TorchFact]
    public void WhatCannotBeQuantizedSoIsNamed()
    {
        Network network = TinyRun.Network();
        string message = Assert
            .Throws<ModelException>(() =>
                Options.Make("activation-quantization").Plan(Context(network) with { Weights = [] })
            )
            .Message;
        Assert.StartsWith(
            "activation-quantization: no layer with a selected weight reads floats",
            message,
            StringComparison.Ordinal
        );
        message = Assert
            .Throws<ModelException>(() =>
                Options
                    .Make("activation-quantization", ("scheme", "unsigned"))
                    .Plan(Context(network) with { Preprocessing = Preprocessing.Parse("scale=1/255;mean=0.5;std=0.5") })
            )
            .Message;
        Assert.StartsWith(
            "value 'flat' goes down to -1; 'scheme: unsigned' takes values from 0 on",
            message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "needs training data",
            Assert
                .Throws<DataException>(() =>
                    Options.Make("activation-quantization").Plan(Context(network) with { Data = null })
                )
                .Message
        );
    }

    private static Node Node(Network network, string name) => network.Nodes.Single(n => n.Name == name);

    private static Network Forked()
    {
        var random = new Random(1);
        Weight Square(string name) =>
            new(
                name,
                Tensor.Of(
                    new Shape(49, 49),
                    Enumerable.Range(0, 49 * 49).Select(_ => (float)random.NextDouble() - 0.5f).ToArray()
                )
            );
        Node[] nodes =
        [
            new("x", new Flatten(Attributes.None), ["image"], ["x"]),
            new("first", new MatMul(Attributes.None), ["x", "a"], ["y"]),
            new("second", new MatMul(Attributes.None), ["x", "b"], ["z"]),
            new("sum", new Add(Attributes.None), ["x", "y"], ["s"]),
            new("end", new Add(Attributes.None), ["s", "z"], ["out"]),
        ];
        return new Network(
            "",
            [new ValueInfo("image", new TensorType(ElementType.Float32, new Shape(-1, 1, 7, 7)))],
            [new ValueInfo("out", new TensorType(ElementType.Float32, null))],
            [.. nodes],
            [Square("a"), Square("b")]
        );
    }

    private static Network Apply(Network network, params (string, string)[] options) =>
        Options
            .Make("activation-quantization", options)
            .Plan(Context(network))
            .Aggregate(network, (n, change) => change.Apply(n));

    private static TechniqueContext Context(Network network) =>
        new(network, [.. network.Weights.Where(w => w.Encoding.Shape.Rank > 1)])
        {
            Data = TinyRun.Train,
            Preprocessing = Pixels,
        };

    private static float[] Run(Network network, Tensor images) =>
        new ReferenceExecutor(network, 1).Run([images])[0].Array<float>();
}
