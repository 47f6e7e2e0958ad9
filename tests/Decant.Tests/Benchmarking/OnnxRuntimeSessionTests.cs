using Decant.Benchmarking;
using Decant.Core;
using Decant.Formats.Onnx;
using Decant.Tests.Data;
using Decant.Tests.Runs;
using Xunit;

namespace Decant.Tests.Benchmarking;

public sealed class OnnxRuntimeSessionTests
{
    private static readonly Attributes None = Attributes.None;

    [OnnxRuntimeFact]
    public void AHandComputedProductIsRight()
    {
        using var session = new OnnxRuntimeSession(Affine());
        Assert.Equal("x: Float32 N×2", string.Join(", ", session.Inputs.Select(i => $"{i.Name}: {i.Type}")));
        Assert.Equal(["y", "z"], session.Outputs.Select(o => o.Name));
        IReadOnlyList<Tensor> made = session.Run([Tensor.Of(new Shape(2, 2), new float[] { 1, 2, -3, -4 })]);
        Assert.Equal(new Shape(2, 3), made[0].Shape);
        Assert.Equal([9, 12, 15, -19, -26, -33], made[0].Array<float>());
        Assert.Equal([9, 12, 15, 0, 0, 0], made[1].Array<float>());
    }

    [OnnxRuntimeFact]
    public void ABindingComputesWhatRunComputesAtEveryRun()
    {
        using var session = new OnnxRuntimeSession(Affine(), new OnnxRuntimeOptions { Threads = 2 });
        using OnnxRuntimeBinding binding = session.Bind(batch: 3);
        var rng = new Rng(5);
        for (int run = 0; run < 3; run++)
        {
            float[] x = [.. Enumerable.Range(0, 6).Select(_ => (float)rng.NextNormal())];
            x.CopyTo(binding.Input<float>(0));
            binding.Run();
            IReadOnlyList<Tensor> expected = session.Run([Tensor.Of(new Shape(3, 2), x)]);
            for (int i = 0; i < 2; i++)
                Assert.Equal(expected[i].Array<float>(), binding.Output<float>(i).ToArray());
        }
        Assert.Contains(
            "was read as Int64",
            Assert.Throws<ModelException>(() => binding.Output<long>(0).Length).Message
        );
    }

    [OnnxRuntimeFact]
    public void ABoundRunAllocatesNothing()
    {
        using var session = new OnnxRuntimeSession(Affine());
        using OnnxRuntimeBinding binding = session.Bind();
        binding.Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            binding.Run();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [OnnxRuntimeFact]
    public void AFileLoadsAsItsBytesDo()
    {
        using var folder = new TemporaryFolder();
        Network network = TinyRun.Network();
        OnnxWriter.Save(network, folder["tiny é.onnx"]);
        using var fromFile = OnnxRuntimeSession.Load(folder["tiny é.onnx"]);
        using var fromBytes = new OnnxRuntimeSession(File.ReadAllBytes(folder["tiny é.onnx"]));
        Tensor[] x = SameAnswers.Inputs(network, 2);
        Assert.Equal(fromBytes.Run(x)[0].Array<float>(), fromFile.Run(x)[0].Array<float>());
    }

    [OnnxRuntimeFact]
    public void WhatDoesNotFitIsNamedInOneLine()
    {
        using var session = new OnnxRuntimeSession(Affine());
        Assert.Equal(
            "0 inputs given; the network expects 1: x",
            Assert.Throws<ModelException>(() => session.Run([])).Message
        );
        Assert.Contains(
            "input 'x' is Float32 1×3; the network expects Float32 N×2",
            Assert
                .Throws<ModelException>(() => session.Run([Tensor.Zeros(ElementType.Float32, new Shape(1, 3))]))
                .Message
        );
    }

    [OnnxRuntimeFact]
    public void ADamagedModelIsOneClearLine()
    {
        using var stream = new MemoryStream();
        OnnxWriter.Write(Affine(), stream);
        byte[] whole = stream.ToArray();
        foreach (byte[] model in new[] { whole[..(whole.Length / 2)], [], [1, 2, 3] })
            OneLine(Assert.Throws<DecantException>(() => new OnnxRuntimeSession(model)));
        OneLine(Assert.Throws<DecantException>(() => OnnxRuntimeSession.Load("no-such-file.onnx")));
    }

    [OnnxRuntimeFact]
    public void ASessionThatIsGoneSaysSo()
    {
        var session = new OnnxRuntimeSession(Affine());
        session.Dispose();
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Run([Tensor.Zeros(ElementType.Float32, new Shape(1, 2))]));
    }

    private static void OneLine(DecantException error)
    {
        Assert.StartsWith("ONNX Runtime: ", error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    /// <summary>y = x·[[1,2,3],[4,5,6]], z = relu(y).</summary>
    private static Network Affine() =>
        new(
            "",
            [Info("x", new Shape(Shape.Unknown, 2))],
            [Info("y", new Shape(Shape.Unknown, 3)), Info("z", new Shape(Shape.Unknown, 3))],
            [
                new Node("m", OperatorCatalogue.Create("MatMul", None), ["x", "w"], ["y"]),
                new Node("r", OperatorCatalogue.Create("Relu", None), ["y"], ["z"]),
            ],
            [new Weight("w", Tensor.Of(new Shape(2, 3), new float[] { 1, 2, 3, 4, 5, 6 }))]
        );

    private static ValueInfo Info(string name, Shape shape) => new(name, new TensorType(ElementType.Float32, shape));
}
