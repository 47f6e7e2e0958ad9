using Decant.Coding;
using Decant.Core;
using Decant.Runtime;
using Decant.Tests.Coding;
using Xunit;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Runtime;

public sealed class InferenceModelTests
{
    [Fact]
    public void AContainerLoadsFromAFileAndAStream()
    {
        Network network = Networks.Small(4);
        byte[] bytes = Networks.Write(network);
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, bytes);
            Tensor x = Random(new Rng(1), 2, 110);
            using var reference = new ReferenceExecutor(network);
            foreach (
                var model in new[]
                {
                    InferenceModel.Load(path),
                    InferenceModel.Load(new MemoryStream(bytes), new InferenceOptions { Threads = 0 }),
                }
            )
            {
                Assert.Equal("x", Assert.Single(model.Inputs).Name);
                Assert.Equal("z", Assert.Single(model.Outputs).Name);
                using InferenceSession session = model.CreateSession();
                Close(reference.Run([x])[0].Array<float>(), session.Run([x])[0]);
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void ANewerOrDamagedContainerSaysSo()
    {
        byte[] bytes = Networks.Write(Networks.Tiny(4));
        byte[] newer = [.. bytes];
        newer[4] = DcntFormat.Version + 1;
        Assert.Contains(
            "needs a newer Decant",
            Assert.Throws<FileFormatException>(() => InferenceModel.Load(new MemoryStream(newer))).Message
        );
        Assert.Throws<FileFormatException>(() => InferenceModel.Load(new MemoryStream(bytes[..^1])));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new InferenceModel(Networks.Tiny(4), new InferenceOptions { Threads = -1 })
        );
    }

    /// <summary>
    /// A small file may ask for any amount: that is refused before much memory is taken, whatever asks for it.
    /// </summary>
    [Theory]
    [InlineData("Relu")]
    [InlineData("Conv")]
    [InlineData("Depthwise")]
    [InlineData("MaxPool")]
    [InlineData("Tanh")]
    [InlineData("Gather")]
    [InlineData("Padded")]
    [InlineData("Integers")]
    [InlineData("Together")]
    public void WhatAsksForTooMuchIsRefusedBeforeMemoryIsTaken(string what)
    {
        Network network = Greedy(what);
        var model = new InferenceModel(network, new InferenceOptions { MaxValueBytes = 16 << 20 });
        long before = GC.GetAllocatedBytesForCurrentThread();
        string message = Assert
            .Throws<ModelException>(() =>
            {
                using InferenceSession session = model.CreateSession();
                session.Run();
            })
            .Message;
        Assert.Contains("16,777,216", message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 40 << 20);
    }

    [Fact]
    public void ValuesTakeNoMoreThanTheirSum()
    {
        var rng = new Rng(3);
        Network network = Networks.LeNet5((_, shape) => new DenseEncoding(Random(rng, [.. shape.Dims])));
        using InferenceSession session = new InferenceModel(network).CreateSession();
        NetworkShapes shapes = NetworkShapes.Of(network, batch: 1);
        long sum =
            network.Nodes.Select(n => n.Outputs[0]).Append("image").Sum(v => shapes[v]!.Shape!.Value.Count + 176) * 4;
        Assert.InRange(session.ValueBytes, 4 * (20 * 24 * 24 + 20 * 12 * 12), sum);
        session.Prepare([new Shape(7, 1, 28, 28)]);
        Assert.InRange(session.ValueBytes, 7 * 4 * (20 * 24 * 24 + 20 * 12 * 12), 7 * sum);
    }

    private static Network Greedy(string what)
    {
        var big = new Shape(1, 1, 12_000, 12_000);
        return what switch
        {
            "Relu" => Of(ElementType.Float32, big, [], ("Relu", With(), "x")),
            "Conv" => Of(
                ElementType.Float32,
                big,
                [new Weight("w", Random(new Rng(1), 1, 1, 3, 3))],
                ("Conv", With(), "x w")
            ),
            "Depthwise" => Of(
                ElementType.Float32,
                new Shape(1, 2, 8_000, 8_000),
                [new Weight("w", Random(new Rng(1), 2, 1, 3, 3))],
                ("Conv", With(("group", 2L)), "x w")
            ),
            "MaxPool" => Of(ElementType.Float32, big, [], ("MaxPool", With(("kernel_shape", Ints(2, 2))), "x")),
            "Tanh" => Of(ElementType.Float32, big, [], ("Tanh", With(), "x")),
            "Gather" => Of(
                ElementType.Float32,
                new Shape(1, 100),
                [new Weight("i", Tensor.Zeros(ElementType.Int64, new Shape(500_000)))],
                ("Gather", With(("axis", 1L)), "x i"),
                ("Gather", With(("axis", 0L)), "v0 i")
            ),
            // The output is small, the padding is not.
            "Padded" => Of(
                ElementType.Float32,
                new Shape(1, 1, 2, 2),
                [new Weight("w", Random(new Rng(1), 1, 1, 1, 1))],
                ("Conv", With(("pads", Ints(30_000, 30_000, 30_000, 30_000)), ("strides", Ints(30_000, 30_000))), "x w")
            ),
            // Each fits, all at once do not.
            "Together" => Of(
                ElementType.Int64,
                new Shape(1 << 20),
                [],
                ("Neg", With(), "x"),
                ("Neg", With(), "x"),
                ("Add", With(), "v0 v1")
            ),
            "Integers" => Of(ElementType.Int64, new Shape(1 << 28), [], ("Neg", With(), "x")),
            _ => throw new ArgumentException(what),
        };
    }

    private static Network Of(
        ElementType type,
        Shape shape,
        Weight[] weights,
        params (string Type, Attributes Attributes, string From)[] nodes
    ) =>
        new(
            "greedy",
            [new ValueInfo("x", new TensorType(type, shape))],
            [new ValueInfo($"v{nodes.Length - 1}", new TensorType(type, null))],
            [
                .. nodes.Select(
                    (n, i) =>
                        new Node(
                            $"n{i}",
                            OperatorCatalogue.Create(n.Type, n.Attributes),
                            [.. n.From.Split(' ')],
                            [$"v{i}"]
                        )
                ),
            ],
            weights
        );
}
