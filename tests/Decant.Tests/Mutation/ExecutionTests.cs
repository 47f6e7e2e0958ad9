using System.Collections.Immutable;
using System.Diagnostics;
using Decant.Coding;
using Decant.Core;
using Decant.Formats.Onnx;
using Decant.Reports;
using Decant.Runtime;
using Decant.Tests.Coding;
using Decant.Tests.Runtime;
using Xunit;
using OnnxModels = Decant.Tests.Formats.Onnx.Models;

namespace Decant.Tests.Mutation;

/// <summary>
/// Damaged models that still load are inspected and run: they may fail with one line, and take neither memory nor time
/// without bound.
/// </summary>
public sealed class ExecutionTests
{
    private const long MaxValueBytes = 16 << 20,
        MaxAllocation = 400 << 20;
    private static readonly int Scale = Environment.GetEnvironmentVariable("DECANT_LONG") == "1" ? 25 : 1;

    [Fact]
    public void DamagedModels()
    {
        int ran = 0;
        foreach (
            byte[] original in new[]
            {
                OnnxModels.LeNet(),
                OnnxModels.ShapeArithmetic(),
                OnnxModels.OldOperators(),
                Pooling(),
            }
        )
        {
            var mutator = new Mutator(11);
            for (int i = 0; i < 700 * Scale; i++)
                ran += Try(mutator.Mutate(original), bytes => OnnxReader.Read(new MemoryStream(bytes)), i);
        }
        Assert.True(ran > 100 * Scale, $"only {ran} could be run");
    }

    [Fact]
    public void DamagedContainers()
    {
        int ran = 0;
        foreach (
            byte[] original in new[]
            {
                Container(OnnxModels.LeNetNetwork()),
                Container(OnnxReader.Read(new MemoryStream(Pooling()))),
            }
        )
            for (int i = 0; i < 500 * Scale; i++)
                ran += Try(
                    ContainerMutation.Mutate(original, (ulong)i, fixChecksums: i % 8 != 0),
                    bytes =>
                    {
                        using DcntReader reader = DcntReader.Open(
                            new MemoryStream(bytes),
                            new DcntReadOptions { MaxDecodedBytes = 1 << 24 }
                        );
                        return reader.ReadNetwork();
                    },
                    i
                );
        // Behind right checksums most damage makes numbers that do not fit each other.
        Assert.True(ran > 5 * Scale, $"only {ran} could be run");
    }

    [Fact]
    public void AModelThatAsksForMoreThanThereIsIsRefusedBeforeMemoryIsTaken()
    {
        // Sixty bytes a node: each doubles both axes.
        Tensor x = Tensor.Zeros(ElementType.Float32, new Shape(64, 64));
        var nodes = Enumerable
            .Range(0, 10)
            .Select(i => new Node(
                $"n{i}",
                OperatorCatalogue.Create("Concat", new Attributes(("axis", (long)(i % 2)))),
                [$"v{i}", $"v{i}"],
                [$"v{i + 1}"]
            ));
        var unknown = new TensorType(ElementType.Float32, null);
        var network = new Network(
            "doubling",
            [new ValueInfo("v0", unknown)],
            [new ValueInfo("v10", unknown)],
            [.. nodes],
            []
        );
        // One thread, whose own allocations are counted: other tests run at the same time.
        using var executor = new ReferenceExecutor(network, threads: 1) { MaxValueBytes = MaxValueBytes };
        long before = GC.GetAllocatedBytesForCurrentThread();
        var e = Assert.Throws<ModelException>(() => executor.Run([x]));
        Assert.Contains("this run may use 16,777,216", e.Message);
        Assert.Contains("node 'n", e.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 * MaxValueBytes);
        using var free = new ReferenceExecutor(network);
        Assert.Equal(2048 * 2048, free.Run([x])[0].Count);
    }

    [Fact]
    public void ValuesLetGoDoNotCount()
    {
        Tensor x = Tensor.Zeros(ElementType.Float32, new Shape(1 << 20));
        var nodes = Enumerable
            .Range(0, 40)
            .Select(i => new Node(
                $"n{i}",
                OperatorCatalogue.Create("Relu", Attributes.None),
                [$"v{i}"],
                [$"v{i + 1}"]
            ));
        var type = new TensorType(ElementType.Float32, x.Shape);
        using var executor = new ReferenceExecutor(
            new Network("chain", [new ValueInfo("v0", type)], [new ValueInfo("v40", type)], [.. nodes], [])
        )
        {
            MaxValueBytes = 8 << 20,
        };
        Assert.Equal(1 << 20, executor.Run([x])[0].Count);
    }

    [Theory]
    [InlineData("MaxPool", 1 << 14, 1 << 14)]
    [InlineData("AveragePool", 1 << 28, 1)]
    [InlineData("AveragePool", 1, 1 << 28)]
    public void AWindowFarLargerThanItsInputIsRefusedAtOnce(string type, int height, int width)
    {
        var clock = Stopwatch.StartNew();
        Attributes attributes = OneNode.With(
            ("kernel_shape", OneNode.Ints(height, width)),
            ("pads", OneNode.Ints(height - 1, width - 1, height - 1, width - 1))
        );
        Assert.Contains(
            "taps",
            Assert
                .Throws<ModelException>(() =>
                    OneNode.Run(type, attributes, Tensor.Zeros(ElementType.Float32, new Shape(1, 1, 1, 1)))
                )
                .Message
        );
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
    }

    /// <summary>1 if the damaged file could be read and run.</summary>
    private static int Try(byte[] bytes, Func<byte[], Network> read, int copy)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            Network network = read(bytes);
            NetworkReport.Of(network);
            using var executor = new ReferenceExecutor(network, threads: 1) { MaxValueBytes = MaxValueBytes };
            executor.Run(Inputs(network), stop.Token);
            return 1;
        }
        catch (DecantException e)
        {
            Assert.False(string.IsNullOrWhiteSpace(e.Message));
            return 0;
        }
        catch (Exception e)
        {
            Assert.Fail($"copy {copy}: {e}");
            throw;
        }
        finally
        {
            long took = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(took <= MaxAllocation, $"copy {copy}: {took} bytes were allocated");
        }
    }

    /// <summary>Zeros for each input; where it asks for many, none.</summary>
    private static IReadOnlyList<Tensor> Inputs(Network network) =>
        [
            .. network.Inputs.Select(i =>
            {
                Shape shape = i.Type.Shape is { } s
                    ? new Shape([.. s.Dims.Select(d => d < 0 ? 2 : d)])
                    : new Shape(1, 3, 4, 4);
                if (shape.Count > 1 << 20)
                    throw new ModelException($"the input {shape} is large");
                return Tensor.Zeros(i.Type.Type == ElementType.Unknown ? ElementType.Float32 : i.Type.Type, shape);
            }),
        ];

    private static byte[] Container(Network network)
    {
        using var stream = new MemoryStream();
        DcntWriter.Write(network, stream);
        return stream.ToArray();
    }

    /// <summary>
    /// Operators whose attributes ask for memory and time: windows, padding, concatenation, products.
    /// </summary>
    private static byte[] Pooling() =>
        new Formats.Onnx.OnnxModelBuilder()
            .Input("x", "N", 2, 6, 6)
            .Output("y", "N", 8)
            .Weight("w", Tensor.Zeros(ElementType.Float32, new Shape(2, 1, 3, 3)))
            .Weight("m", Tensor.Zeros(ElementType.Float32, new Shape(4, 8)))
            .Ints("pads", 0, 0, 1, 1, 0, 0, 1, 1)
            .Ints("from", 0)
            .Ints("to", 6)
            .Ints("axis", 2)
            .Ints("flat", -1, 4)
            .Node("Pad", "x pads", "p")
            .Node("Slice", "p from to axis", "s")
            .Node(
                "Conv",
                "s w",
                "c",
                ("group", 2L),
                ("kernel_shape", Ints(3, 3)),
                ("dilations", Ints(1, 2)),
                ("strides", Ints(1, 1)),
                ("pads", Ints(1, 1, 1, 1))
            )
            .Node(
                "AveragePool",
                "c",
                "a",
                ("kernel_shape", Ints(2, 2)),
                ("strides", Ints(2, 2)),
                ("pads", Ints(0, 0, 1, 1)),
                ("count_include_pad", 1L)
            )
            .Node("MaxPool", "a", "b", ("kernel_shape", Ints(2, 2)), ("ceil_mode", 1L))
            .Node("Concat", "b b", "d", ("axis", 1L))
            .Node("Reshape", "d flat", "r")
            .Node("MatMul", "r m", "q")
            .Node("Softmax", "q", "y", ("axis", -1L))
            .Build();

    private static ImmutableArray<long> Ints(params int[] values) => [.. values.Select(v => (long)v)];
}
