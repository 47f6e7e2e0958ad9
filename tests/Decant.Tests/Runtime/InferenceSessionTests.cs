using Decant.Core;
using Decant.Runtime;
using Decant.Tests.Benchmarking;
using Decant.Tests.Coding;
using Xunit;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Runtime;

public sealed class InferenceSessionTests
{
    [Fact]
    public void WhatIsAskedForByAWrongNameOrTypeIsSaid()
    {
        using InferenceSession session = new InferenceModel(LeNet()).CreateSession();
        Assert.Equal("there is no input 'x'; there are: 'image'", Message(() => session.Input<float>("x").Clear()));
        Assert.Equal(
            "there is no output 'image'; there are: 'logits'",
            Message(() => session.Output<float>("image").ToArray())
        );
        Assert.Equal("there is no output 'y'; there are: 'logits'", Message(() => session.OutputShape("y")));
        Assert.Equal("'image' holds Float32, not Int64", Message(() => session.Input<long>("image").Clear()));
        Assert.Equal("'logits' holds Float32, not Double", Message(() => session.Output<double>("logits").ToArray()));
        Assert.Contains("the network expects 1: image", Message(() => session.Run([])));
        Assert.Contains(
            "input 'image' is Float32 1×1×28×27",
            Message(() => session.Run([Tensor.Zeros(ElementType.Float32, new Shape(1, 1, 28, 27))]))
        );
        Assert.Contains(
            "input 'image' is Float64",
            Message(() => session.Run([Tensor.Zeros(ElementType.Float64, new Shape(1, 1, 28, 28))]))
        );
        Assert.Contains("input 'image' has shape 2×28×28", Message(() => session.Prepare([new Shape(2, 28, 28)])));
        Assert.Contains("2 shapes given", Message(() => session.Prepare([new Shape(1, 1, 28, 28), new Shape(1)])));
        session.Run();
        Assert.Equal(new Shape(1, 10), session.OutputShape("logits"));
    }

    [Fact]
    public void OpenShapesAreToBePreparedFirst()
    {
        var network = new Network("", [Value("x", -1, 2, -1)], [Value("y")], [Node("Relu", With(), "x", "y")], []);
        using InferenceSession session = new InferenceModel(network).CreateSession();
        foreach (
            Action act in new Action[]
            {
                () => session.Run(),
                () => session.Input<float>("x").Clear(),
                () => session.Output<float>("y").ToArray(),
                () => _ = session.ValueBytes,
                () => _ = session.Layers,
            }
        )
            Assert.Equal(
                "the shapes of inputs 'x' (Float32 N×2×N) are not known: call Prepare with them first",
                Message(act)
            );
        foreach (int length in new[] { 3, 5, 3, 6, 7, 8, 9, 3 })
        {
            session.Prepare([new Shape(1, 2, length)]);
            session.Input<float>("x").Fill(-length);
            session.Input<float>("x")[length] = length;
            session.Run();
            Assert.Equal(length, session.Output<float>("y").ToArray().Sum());
            Assert.Equal(new Shape(1, 2, length), session.OutputShape("y"));
        }
    }

    [Fact]
    public void InputsAndOutputsOfOtherTypesAndShapesThatOnlyARunCanTell()
    {
        var network = new Network(
            "",
            [new ValueInfo("n", new TensorType(ElementType.Int64, new Shape(3)))],
            [
                new ValueInfo("y", new TensorType(ElementType.Unknown, null)),
                new ValueInfo("n", new TensorType(ElementType.Int64, new Shape(3))),
            ],
            [Node("NonZero", With(), "n", "y")],
            []
        );
        using InferenceSession session = new InferenceModel(network).CreateSession();
        Assert.Equal("'y' is not there before a run", Message(() => session.OutputShape("y")));
        session.Input<long>("n")[1] = 7;
        session.Run();
        Assert.Equal(new Shape(1, 1), session.OutputShape("y"));
        Assert.Equal([1], session.Output<long>("y").ToArray());
        Assert.Equal([0, 7, 0], session.Output<long>("n").ToArray());
        Assert.Contains("Int64 was read as Single", Message(() => session.Output<float>("y").ToArray()));
        Assert.Equal([0L, 2], session.Run([Tensor.Vector(3L, 0, 4)])[0].Array<long>());
    }

    [Fact]
    public void ProfilesNameEveryLayer()
    {
        using InferenceSession session = new InferenceModel(LeNet()).CreateSession();
        session.Run();
        Assert.All(session.Layers, l => Assert.Equal(TimeSpan.Zero, l.Time));
        session.Profiles = true;
        session.Run();
        Assert.Equal(
            ["conv1", "conv1.pool", "conv2", "conv2.pool", "fc1", "logits"],
            session.Layers.Select(l => l.Name)
        );
        Assert.All(session.Layers, l => Assert.True(l.Time > TimeSpan.Zero && l.Kernel.Length > 0));
        Assert.Equal([288_000, 0, 1_600_000, 0, 400_000, 5_000], session.Layers.Select(l => l.Macs));
        session.Prepare([new Shape(3, 1, 28, 28)]);
        session.Run();
        Assert.Equal(3 * 288_000, session.Layers[0].Macs);
    }

    [Fact]
    public void AStoppedRunStopsBetweenLayersAndTheSessionRunsOn()
    {
        var nodes = Enumerable.Range(0, 4000).Select(i => Node("Sigmoid", With(), $"v{i}", $"v{i + 1}"));
        var network = new Network("", [Value("v0", 1 << 18)], [Value("v4000")], [.. nodes], []);
        using InferenceSession session = new InferenceModel(network).CreateSession();
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => session.Run(new CancellationToken(true)));
        session.Profiles = true;
        // A thread of its own: those of the pool may all be busy with other tests.
        var stopper = new Thread(() =>
        {
            while (session.Layers[0].Time == TimeSpan.Zero)
                Thread.Sleep(1);
            stop.Cancel();
        });
        stopper.Start();
        Assert.Throws<OperationCanceledException>(() => session.Run(stop.Token));
        stopper.Join();
        Assert.Contains(session.Layers, l => l.Time > TimeSpan.Zero);
        Assert.Contains(session.Layers, l => l.Time == TimeSpan.Zero);
        using InferenceSession other = new InferenceModel(LeNet()).CreateSession();
        Assert.Throws<OperationCanceledException>(() =>
            other.Run(SameAnswers.Inputs(LeNet(), 2), new CancellationToken(true))
        );
        other.Run();
    }

    [Fact]
    public void SessionsOfOneModelShareWeightsAndRunBesideEachOther()
    {
        Network network = LeNet();
        var model = new InferenceModel(network, new InferenceOptions { Threads = 2 });
        Tensor[][] inputs = [.. Enumerable.Range(1, 4).Select(b => SameAnswers.Inputs(network, b))];
        float[][] expected;
        using (InferenceSession alone = model.CreateSession())
            expected = [.. inputs.Select(x => alone.Run(x)[0].Array<float>())];
        long before = GC.GetAllocatedBytesForCurrentThread();
        model.CreateSession().Dispose();
        // The weights are 1.7 MB.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 600_000);
        using InferenceSession shared = model.CreateSession();
        Parallel.For(0, 8, lane =>
        {
            using InferenceSession own = model.CreateSession();
            for (int i = 0; i < 10; i++)
                foreach (InferenceSession session in new[] { own, shared })
                    Assert.Equal(expected[(i + lane) % 4], session.Run(inputs[(i + lane) % 4])[0].Array<float>());
        });
    }

    [Fact]
    public void AFailingNodeIsNamedAndTheSessionRunsOn()
    {
        var network = new Network(
            "",
            [new ValueInfo("shape", new TensorType(ElementType.Int64, new Shape(1))), Value("x", 4)],
            [Value("y")],
            [Node("Relu", With(), "x", "r"), Node("Reshape", With(), "r shape", "y")],
            []
        );
        foreach (int threads in new[] { 1, 2 })
        {
            using InferenceSession session = new InferenceModel(
                network,
                new InferenceOptions { Threads = threads }
            ).CreateSession();
            session.Input<long>("shape")[0] = 3;
            Assert.Contains("node 'y' (Reshape)", Message(() => session.Run()));
            session.Input<long>("shape")[0] = -1;
            session.Input<float>("x").Fill(2);
            session.Run();
            Assert.Equal([2, 2, 2, 2], session.Output<float>("y").ToArray());
        }
    }

    [Fact]
    public void ASessionMayBeEndedTwice()
    {
        InferenceSession session = new InferenceModel(LeNet(), new InferenceOptions { Threads = 3 }).CreateSession();
        session.Run();
        session.Dispose();
        session.Dispose();
    }

    /// <summary>
    /// Infinities and NaN go where the reference has them. Not so in Winograd, which spreads them over a tile, and in
    /// MaxPool, of whose NaN ONNX says nothing.
    /// </summary>
    [Fact]
    public void InfinitiesAndNaNPass()
    {
        var rng = new Rng(4);
        foreach (float odd in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        foreach (string last in new[] { "Relu", "AveragePool", "Sigmoid", "Add", "Clip", "Gemm" })
        {
            Network network = Odd(last, rng);
            Tensor x = Random(rng, 2, 3, 9, 8);
            (x.Span<float>()[40], x.Span<float>()[300]) = (odd, odd);
            using var reference = new ReferenceExecutor(network, 1);
            float[] expected = reference.Run([x])[0].Array<float>();
            foreach (VectorWidth width in VectorWidths.All)
            {
                using InferenceSession session = new InferenceModel(network, null, width).CreateSession();
                float[] actual = session.Run([x])[0].Array<float>();
                for (int i = 0; i < expected.Length; i++)
                    Assert.True(
                        expected[i].Equals(actual[i]) || Math.Abs(expected[i] - actual[i]) < 1e-4,
                        $"{odd} through {last} at {width}: {i} is {actual[i]}, not {expected[i]}"
                    );
            }
        }
    }

    /// <summary>A convolution by tiles, one by depth, a normalization, and one layer more.</summary>
    private static Network Odd(string last, Rng rng)
    {
        Weight[] weights =
        [
            new("w", Random(rng, 17, 3, 2, 2)),
            new("d", Random(rng, 17, 1, 2, 2)),
            new("one", Tensor.Of(new Shape(17), Enumerable.Repeat(1f, 17).ToArray())),
            new("low", Tensor.Scalar(-1f)),
            new("m", Random(rng, 17 * 56, 5)),
        ];
        var window = With(("kernel_shape", Ints(2, 2)));
        (string Type, Attributes Attributes, string From)[] end = last switch
        {
            "AveragePool" => [(last, window, "c")],
            "Add" => [(last, With(), "c b")],
            "Clip" => [(last, With(), "c low one1")],
            "Gemm" => [("Flatten", With(), "c"), (last, With(), "f m")],
            _ => [(last, With(), "c")],
        };
        return new Network(
            "",
            [Value("x", -1, 3, 9, 8)],
            [Value("y")],
            [
                Node("Conv", With(), "x w", "a"),
                Node("BatchNormalization", With(), "a one one one one", "b"),
                Node("Conv", With(("group", 17L), ("pads", Ints(0, 0, 1, 1))), "b d", "c"),
                .. end.Select((e, i) => Node(e.Type, e.Attributes, e.From, i == end.Length - 1 ? "y" : "f")),
            ],
            [.. weights, new Weight("one1", Tensor.Scalar(1f))]
        );
    }

    private static Network LeNet()
    {
        var rng = new Rng(3);
        return Networks.LeNet5((_, shape) => new DenseEncoding(Random(rng, [.. shape.Dims])));
    }

    private static string Message(Action act) => Assert.Throws<ModelException>(act).Message;

    private static ValueInfo Value(string name, params int[] dims) =>
        new(name, new TensorType(ElementType.Float32, dims.Length == 0 ? null : new Shape(dims)));

    private static Node Node(string type, Attributes attributes, string from, string to) =>
        new(to, OperatorCatalogue.Create(type, attributes), [.. from.Split(' ')], [to]);
}
