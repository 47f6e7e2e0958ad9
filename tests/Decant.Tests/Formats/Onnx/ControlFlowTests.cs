using Decant.Benchmarking;
using Decant.Coding;
using Decant.Core;
using Decant.Formats.Onnx;
using Decant.Runtime;
using Xunit;

namespace Decant.Tests.Formats.Onnx;

/// <summary>
/// Networks whose nodes run graphs compute what ONNX Runtime computes, node by node and in sessions, and do so after
/// they were written as ONNX and as containers.
/// </summary>
public sealed class ControlFlowTests
{
    public static TheoryData<string> Names => [.. ControlFlowModels.All().Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void TheyComputeWhatOnnxRuntimeComputes(string name)
    {
        var (_, model, fed) = ControlFlowModels.All().Single(m => m.Name == name);
        byte[] file = model.Build();
        Network network = OnnxReader.Read(new MemoryStream(file)),
            again = OnnxReader.Read(new MemoryStream(Written(network, OnnxWriter.Write))),
            decoded = Container(network);
        using var expected = new OnnxRuntimeSession(file, new OnnxRuntimeOptions { Optimizes = false });
        using var rewritten = new OnnxRuntimeSession(network, new OnnxRuntimeOptions { Optimizes = false });
        using var plain = new ReferenceExecutor(network);
        using var planned = new InferenceModel(network).CreateSession();
        using var reread = new InferenceModel(again).CreateSession();
        using var unpacked = new InferenceModel(decoded).CreateSession();
        // Twice each, so that plans are used again.
        foreach (Tensor[] inputs in fed.Concat(fed))
        {
            IReadOnlyList<Tensor> right = expected.Run(inputs);
            foreach (IExecutor executor in new IExecutor[] { plain, planned, reread, unpacked, rewritten })
                Same(right, executor.Run(inputs));
        }
    }

    [Fact]
    public void AScanOfNothingMakesNothing()
    {
        // ONNX Runtime fails here.
        Network network = ControlFlowModels.Scan().Read();
        Tensor state = Tensor.Vector(1f, 2);
        Tensor[] fed = [state, ControlFlowModels.Table(0, 2), ControlFlowModels.Table(0)];
        using var plain = new ReferenceExecutor(network);
        using var planned = new InferenceModel(network).CreateSession();
        foreach (IExecutor executor in new IExecutor[] { plain, planned })
            Same([state, ControlFlowModels.Table(0, 2)], executor.Run(fed));
    }

    [SkippableTheory]
    [InlineData(16000, 512)]
    [InlineData(8000, 256)]
    [InlineData(16000, 320)]
    public void AVoiceDetectorTakesItsRateWhenItRuns(long rate, int samples)
    {
        string? missing = DataFactAttribute.Missing("models-wild/silero_vad_v5.onnx");
        Skip.If(missing is not null, missing);
        string path = DataFactAttribute.PathOf("models-wild/silero_vad_v5.onnx");
        Network network = OnnxReader.Read(path);
        using var expected = new OnnxRuntimeSession(File.ReadAllBytes(path));
        using var plain = new ReferenceExecutor(network);
        using var planned = new InferenceModel(network).CreateSession();
        using var unpacked = new InferenceModel(Container(network)).CreateSession();
        using var rewritten = new OnnxRuntimeSession(network);
        Tensor state = Tensor.Zeros(ElementType.Float32, new Shape(2, 1, 128));
        for (int frame = 0; frame < 3; frame++)
        {
            float[] sound = [.. Enumerable.Range(0, samples).Select(i => MathF.Sin(i * (0.05f + 0.1f * frame)) / 3)];
            Tensor[] fed = [Tensor.Of(new Shape(1, samples), sound), state, Tensor.Scalar(rate)];
            IReadOnlyList<Tensor> right = expected.Run(fed);
            foreach (IExecutor executor in new IExecutor[] { plain, planned, unpacked, rewritten })
                Same(right, executor.Run(fed), 1e-4);
            state = right[1];
        }
    }

    [Fact]
    public void WeightsOfBodiesAreTheNetworks()
    {
        Network network = ControlFlowModels.If().Read();
        Assert.Equal(["w", "k", "k.2"], network.Weights.Select(w => w.Name));
        Node node = network.Nodes.Single(n => n.Operator.Type == "If");
        Assert.Equal("c r w k x k.2", string.Join(' ', node.Inputs));
    }

    [Fact]
    public void AContainerWithoutBodiesIsOfTheFirstVersion()
    {
        Assert.Equal(3, Written(ControlFlowModels.If().Read(), (n, s) => DcntWriter.Write(n, s))[4]);
        Assert.Equal(1, Written(Models.LeNetNetwork(), (n, s) => DcntWriter.Write(n, s))[4]);
    }

    internal static Network Container(Network network)
    {
        using DcntReader reader = DcntReader.Open(
            new MemoryStream(Written(network, (n, s) => DcntWriter.Write(n, s))),
            leaveOpen: false
        );
        return reader.ReadNetwork();
    }

    internal static void Same(IReadOnlyList<Tensor> expected, IReadOnlyList<Tensor> actual, double tolerance = 1e-5)
    {
        Assert.Equal(expected.Select(t => t.ToString()), actual.Select(t => t.ToString()));
        for (int i = 0; i < expected.Count; i++)
            if (expected[i].Type == ElementType.Float32)
                Assert.All(expected[i].Array<float>().Zip(actual[i].Array<float>()), p =>
                    Assert.Equal(p.First, p.Second, tolerance * (1 + Math.Abs(p.First)))
                );
            else
                Assert.Equal(expected[i].Bytes().ToArray(), actual[i].Bytes().ToArray());
    }

    private static byte[] Written(Network network, Action<Network, Stream> write)
    {
        using var stream = new MemoryStream();
        write(network, stream);
        return stream.ToArray();
    }
}
