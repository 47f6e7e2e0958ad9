using Decant.Core;
using Decant.Core.Operators;
using Decant.Runtime;
using Decant.Techniques;
using Decant.Tests.Runs;
using Decant.Tests.Torch;
using Decant.Training.Data;
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
        Network network = TinyRun.Network(), quantized = Apply(network, ("bits", $"{bits}"));
        Assert.Equal(["flat", "fc1", "relu1", "fc2"], quantized.Nodes.Where(n => n.Operator is not (QuantizeLinear or DequantizeLinear or Clip)).Select(n => n.Name));
        // Flatten moves the image's numbers only: what the layer reads is quantized, once.
        Assert.Equal(["flat.quantize", "relu1.quantize"], quantized.Nodes.Where(n => n.Operator is QuantizeLinear).Select(n => n.Name));
        Assert.Equal(bits < 8 ? 2 : 0, quantized.Nodes.Count(n => n.Operator is Clip));
        Tensor images = Tensor.Of(new Shape(20, 1, 7, 7), Array.ConvertAll(TinyRun.Train.Images.Array<byte>()[..980], b => b / 255f));
        float[] whole = Run(network, images), coarse = Run(quantized, images);
        double noise = Math.Sqrt(whole.Zip(coarse, (a, b) => Math.Pow(a - b, 2)).Sum() / whole.Sum(a => a * a));
        Assert.InRange(noise, 1e-5, share);
        foreach (string value in new[] { "flat", "relu1" })
        {
            var levels = new Network("", quantized.Inputs, [new ValueInfo($"{value}.codes", new TensorType(ElementType.UInt8, null))], quantized.Nodes, quantized.Weights);
            Assert.InRange(new ReferenceExecutor(levels, 1).Run([images])[0].Array<byte>().Max(), 1 << (bits - 1), (1 << bits) - 1);
        }
    }

    [TorchFact]
    public void WhatCannotBeQuantizedSoIsNamed()
    {
        Network network = TinyRun.Network();
        string message = Assert.Throws<ModelException>(() => Options.Make("activation-quantization").Plan(Context(network) with { Weights = [] })).Message;
        Assert.StartsWith("activation-quantization: no layer with a selected weight reads floats", message, StringComparison.Ordinal);
        message = Assert.Throws<ModelException>(() => Options.Make("activation-quantization", ("scheme", "unsigned")).Plan(Context(network) with { Preprocessing = Preprocessing.Parse("scale=1/255;mean=0.5;std=0.5") })).Message;
        Assert.StartsWith("value 'flat' goes down to -1; 'scheme: unsigned' takes values from 0 on", message, StringComparison.Ordinal);
        Assert.Contains("needs training images", Assert.Throws<DataException>(() => Options.Make("activation-quantization").Plan(Context(network) with { Data = null })).Message);
    }

    private static Network Apply(Network network, params (string, string)[] options) =>
        Options.Make("activation-quantization", options).Plan(Context(network)).Aggregate(network, (n, change) => change.Apply(n));

    private static TechniqueContext Context(Network network) =>
        new(network, [.. network.Weights.Where(w => w.Encoding.Shape.Rank > 1)]) { Data = TinyRun.Train, Preprocessing = Pixels };

    private static float[] Run(Network network, Tensor images) => new ReferenceExecutor(network, 1).Run([images])[0].Array<float>();
}
