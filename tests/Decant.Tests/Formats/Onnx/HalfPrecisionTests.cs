using Decant.Coding;
using Decant.Core;
using Decant.Formats.Onnx.Wire;
using Decant.Runtime;
using Xunit;

namespace Decant.Tests.Formats.Onnx;

/// <summary>Networks in half precision have float weights like any other; what goes in and out stays half.</summary>
public sealed class HalfPrecisionTests
{
    private static readonly Half[] Weights =
    [
        .. Enumerable.Range(0, 4096).Select(i => (Half)(MathF.Sin(i * 0.7f) * 0.1f)),
    ];

    [Fact]
    public void WeightsBecomeFloatsAndTheEndsStay()
    {
        Network network = Model();
        Assert.Equal(ElementType.Float16, network.Inputs[0].Type.Type);
        Assert.Equal(ElementType.Float16, network.Outputs[0].Type.Type);
        Assert.True(network.Weights["w"].IsTrainable);
        Assert.Equal(["Cast", "MatMul", "Mul", "Cast"], network.Nodes.Select(n => n.Operator.Type));
    }

    [Fact]
    public void AnswersAreThoseOfHalvesWithinTheirRounding()
    {
        Network network = Model();
        Tensor x = Tensor.Of(new Shape(2, 64), [.. Enumerable.Range(0, 128).Select(i => (Half)(i % 7 - 3))]);
        using var reference = new ReferenceExecutor(network);
        using InferenceSession session = new InferenceModel(network).CreateSession();
        foreach (IExecutor executor in new IExecutor[] { reference, session })
        {
            Half[] made = executor.Run([x])[0].Array<Half>();
            for (int i = 0; i < made.Length; i++)
            {
                double exact = 0;
                for (int k = 0; k < 64; k++)
                    exact += (double)x.Array<Half>()[i / 64 * 64 + k] * (double)Weights[k * 64 + i % 64];
                Assert.Equal(exact * 0.5, (double)made[i], 2e-3 * Math.Max(1, Math.Abs(exact)));
            }
        }
        Assert.DoesNotContain(session.Layers, l => l is { Kernel: "kernel", Name: "x.float" });
    }

    [Fact]
    public void AContainerTakesNoMoreThanTheHalves()
    {
        using var stream = new MemoryStream();
        DcntWriter.Write(Model(), stream);
        Assert.InRange(stream.Length, 1, 2 * Weights.Length + 600);
    }

    [Fact]
    public void WhatIsCastToHalfAndBackStaysFloat()
    {
        Network network = new OnnxModelBuilder()
            .Input("x", 4)
            .Node("Cast", "x", "h", ("to", 10L))
            .Node("Relu", "h", "r")
            .Node("Cast", "r", "y", ("to", 1L))
            .Output("y", 4)
            .Read();
        Assert.Equal(["Relu"], network.Nodes.Select(n => n.Operator.Type));
        Assert.Equal(ElementType.Float32, network.Outputs[0].Type.Type);
    }

    [Fact]
    public void BrainFloatsBecomeFloats()
    {
        float[] values = [1.5f, -2, 0.125f, 1e30f];
        ushort[] upper = [.. values.Select(v => (ushort)(BitConverter.SingleToUInt32Bits(v) >> 16))];
        Network network = new OnnxModelBuilder()
            .Input("x", 4)
            .GraphField(
                5,
                new WireWriter().Int64(1, 4).Int64(2, 16).Text(8, "w").Prefix(9, 8).Raw(Tensor.Of(new Shape(4), upper))
            )
            .Node("Cast", "x", "c", ("to", 16L))
            .Node("Mul", "c w", "y")
            .Output("y", 4)
            .Read();
        Assert.Equal(["Mul"], network.Nodes.Select(n => n.Operator.Type));
        float[] read = network.Weights["w"].Encoding.Decode().Array<float>();
        for (int i = 0; i < values.Length; i++)
            Assert.Equal(values[i], read[i], Math.Abs(values[i]) / 128);
        Assert.Equal(values[..3], read[..3]);
    }

    private static Network Model() =>
        new OnnxModelBuilder()
            .Input("x", ElementType.Float16, "N", 64)
            .Weight("w", Tensor.Of(new Shape(64, 64), Weights))
            .Node("MatMul", "x w", "z")
            .Node("Constant", "", "half", ("value", Tensor.Scalar((Half)0.5f)))
            .Node("Mul", "z half", "y")
            .Output("y", ElementType.Float16, "N", 64)
            .Read();
}
