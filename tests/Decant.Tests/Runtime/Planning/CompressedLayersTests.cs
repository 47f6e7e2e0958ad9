using System.Collections.Immutable;
using Decant.Core;
using Decant.Runtime;
using Xunit;
using Op = Decant.Core.Operators;

namespace Decant.Tests.Runtime.Planning;

/// <summary>Compressed weights are computed on as they are held, say so, and give what the reference gives.</summary>
public class CompressedLayersTests
{
    private const int Inputs = 1040,
        Outputs = 300;

    public static TheoryData<string> Weights => ["codebook", "ternary", "binary", "sparse"];

    [Theory]
    [MemberData(nameof(Weights))]
    public void AFullyConnectedLayerIsComputedInItsOwnForm(string kind)
    {
        var network = new Network(
            "",
            [Floats("x", 1, Inputs)],
            [Floats("y", 1, Outputs)],
            [
                new Node("fc", new Op.Gemm(new Attributes(("transB", 1L))), ["x", "w", "b"], ["sums"]),
                new Node("relu", new Op.Relu(Attributes.None), ["sums"], ["y"]),
            ],
            [new Weight("w", Make(kind)), new Weight("b", Random(new Shape(Outputs), 2))]
        );
        foreach (VectorWidth width in VectorWidths.All)
        {
            using InferenceSession session = new InferenceModel(network, null, width).CreateSession();
            Tensor x = Random(new Shape(1, Inputs), 3);
            AssertClose(new ReferenceExecutor(network).Run([x])[0], session.Run([x])[0]);
            if (width == VectorWidths.Best && width >= VectorWidth.V256)
                Assert.Equal(kind, session.Layers.Single().Kernel);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SignsAndBinaryWeightsAreCounted(bool positive)
    {
        Network network = Signs(positive);
        Tensor x = Random(new Shape(2, 70, 9, 7), 5);
        x.Span<float>()[3] = 0;
        float[] expected = new ReferenceExecutor(network).Run([x])[0].Array<float>();
        foreach (VectorWidth width in VectorWidths.All)
        {
            using InferenceSession session = new InferenceModel(network, null, width).CreateSession();
            Assert.Equal(expected, session.Run([x])[0].Array<float>());
            Assert.Equal(["binary"], session.Layers.Select(l => l.Kernel));
        }
        GivenKernelTests.AnyNodeMayBeTaken(network, [x]);
    }

    [Fact]
    public void SignsThatAnotherLayerReadsAreMade()
    {
        Network network = Signs(positive: true);
        network = new Network(
            "",
            network.Inputs,
            [.. network.Outputs, Floats("signs", 2, 70, 9, 7)],
            network.Nodes,
            network.Weights
        );
        Tensor x = Random(new Shape(2, 70, 9, 7), 6);
        using InferenceSession session = new InferenceModel(network).CreateSession();
        IReadOnlyList<Tensor> expected = new ReferenceExecutor(network).Run([x]),
            actual = session.Run([x]);
        for (int i = 0; i < expected.Count; i++)
            AssertClose(expected[i], actual[i]);
    }

    [Fact]
    public void AWeightThatIsFasterAsFloatsSaysSo()
    {
        var network = new Network(
            "",
            [Floats("x", 1, 3, 8, 8)],
            [Floats("y", 1, 4, 6, 6)],
            [new Node("conv", new Op.Conv(Attributes.None), ["x", "w"], ["y"])],
            [new Weight("w", new CodebookEncoding(new Shape(4, 3, 3, 3), [1, 2], Indices(108, 2), false))]
        );
        using InferenceSession session = new InferenceModel(network).CreateSession();
        LayerProfile layer = session.Layers.Single(l => l.Name == "conv");
        Assert.Equal("direct", layer.Kernel);
        Assert.Equal("codebook weights decoded: no convolution kernel computes on their codes", layer.Reason);
    }

    /// <summary>A codebook is looked up only where that is faster than reading floats, and the plan says why
    /// not.</summary>
    [Theory]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(256)]
    public void ACodebookIsLookedUpWhereThatIsFaster(int entries)
    {
        var codebook = new CodebookEncoding(
            new Shape(Outputs, Inputs),
            Random(new Shape(entries), 8).Array<float>(),
            Indices(Outputs * Inputs, entries),
            false
        );
        var network = new Network(
            "",
            [Floats("x", 1, Inputs)],
            [Floats("y", 1, Outputs)],
            [new Node("fc", new Op.Gemm(new Attributes(("transB", 1L))), ["x", "w"], ["y"])],
            [new Weight("w", codebook)]
        );
        Tensor x = Random(new Shape(1, Inputs), 3);
        Tensor expected = new ReferenceExecutor(network).Run([x])[0];
        foreach (VectorWidth width in VectorWidths.All)
        {
            using InferenceSession session = new InferenceModel(network, null, width).CreateSession();
            AssertClose(expected, session.Run([x])[0]);
            LayerProfile layer = session.Layers.Single();
            bool faster = width switch
            {
                VectorWidth.V512 => entries <= 16 || System.Runtime.Intrinsics.X86.Avx512Vbmi.IsSupported,
                VectorWidth.V256 => entries <= 16,
                _ => false,
            };
            Assert.Equal(faster ? "codebook" : "dense, by rows", layer.Kernel);
            Assert.Equal(
                faster
                    ? ""
                    : $"codebook weights decoded: {entries} entries are slower to look up than floats are to read with "
                        + $"vectors of {32 * (int)width} bits",
                layer.Reason
            );
        }
    }

    [Fact]
    public void MeasuredFormsGiveTheSameAnswerAndAreMeasuredOnce()
    {
        var conv = new Op.Conv(new Attributes(("pads", ImmutableArray.Create(1L, 1L, 1L, 1L))));
        var network = new Network(
            "",
            [Floats("x", 1, 32, 10, 10)],
            [Floats("y", 1, 32, 10, 10)],
            [new Node("conv", conv, ["x", "w"], ["y"])],
            [new Weight("w", Random(new Shape(32, 32, 3, 3), 11))]
        );
        var model = new InferenceModel(network, new InferenceOptions { Measure = true });
        Tensor x = Random(new Shape(1, 32, 10, 10), 12);
        using InferenceSession first = model.CreateSession(),
            second = model.CreateSession();
        AssertClose(new ReferenceExecutor(network).Run([x])[0], first.Run([x])[0]);
        Assert.Equal(first.Run([x])[0].Array<float>(), second.Run([x])[0].Array<float>());
        Assert.Equal(first.Layers.Select(l => l.Kernel), second.Layers.Select(l => l.Kernel));
    }

    private static Network Signs(bool positive)
    {
        string type = positive ? "GreaterOrEqual" : "Less";
        var weight = new BinaryEncoding(
            new Shape(66, 70, 3, 3),
            BinaryEncoding.SignsOf(Random(new Shape(66 * 630), 4).Array<float>()),
            [.. Enumerable.Range(0, 66).Select(i => 1f / (1 << i % 4))]
        );
        return new Network(
            "",
            [Floats("x", 2, 70, 9, 7)],
            [Floats("y", 2, 66, 5, 4)],
            [
                new Node("compare", OperatorCatalogue.Create(type, Attributes.None), ["x", "zero"], ["is"]),
                new Node(
                    "signs",
                    OperatorCatalogue.Create("Where", Attributes.None),
                    positive ? ["is", "plus", "minus"] : ["is", "minus", "plus"],
                    ["signs"]
                ),
                new Node(
                    "conv",
                    new Op.Conv(
                        new Attributes(
                            ("pads", ImmutableArray.Create(1L, 1L, 1L, 1L)),
                            ("strides", ImmutableArray.Create(2L, 2L))
                        )
                    ),
                    ["signs", "w"],
                    ["y"]
                ),
            ],
            [
                new Weight("zero", Tensor.Scalar(0f)),
                new Weight("plus", Tensor.Scalar(1f)),
                new Weight("minus", Tensor.Scalar(-1f)),
                new Weight("w", weight),
            ]
        );
    }

    private static Encoding Make(string kind)
    {
        var shape = new Shape(Outputs, Inputs);
        int count = Outputs * Inputs;
        float[] scales = Random(new Shape(Outputs), 7).Array<float>();
        return kind switch
        {
            "codebook" => new CodebookEncoding(
                shape,
                Random(new Shape(13), 8).Array<float>(),
                Indices(count, 13),
                false
            ),
            "ternary" => new TernaryEncoding(shape, [.. Indices(count, 3).Select(i => (sbyte)(i - 1))], scales, scales),
            "binary" => new BinaryEncoding(shape, BinaryEncoding.SignsOf(Random(shape, 9).Array<float>()), scales),
            _ => SparseEncoding.FromNonZeros(
                Tensor.Of(shape, Random(shape, 10).Array<float>().Select((v, i) => i % 29 == 0 ? v : 0).ToArray())
            ),
        };
    }

    private static byte[] Indices(int count, int entries) =>
        [.. Enumerable.Range(0, count).Select(i => (byte)(i * 7919L % 104729 % entries))];

    private static ValueInfo Floats(string name, params int[] shape) =>
        new(name, new TensorType(ElementType.Float32, new Shape(shape)));

    private static Tensor Random(Shape shape, int seed)
    {
        var random = new Random(seed);
        Tensor tensor = Tensor.Zeros(ElementType.Float32, shape);
        foreach (ref float v in tensor.Span<float>())
            v = (float)(random.NextDouble() * 2 - 1);
        return tensor;
    }

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        float most = expected.Array<float>().Max(Math.Abs);
        for (int i = 0; i < expected.Count; i++)
            Assert.True(
                Math.Abs(expected.Span<float>()[i] - actual.Span<float>()[i]) <= 1e-5f * most,
                $"{i}: {actual.Span<float>()[i]} instead of {expected.Span<float>()[i]}"
            );
    }
}
