using System.Collections.Immutable;
using Decant.Coding;
using Decant.Core;
using Xunit;

namespace Decant.Tests.Coding;

/// <summary>Networks to write into containers, and what "the same" means.</summary>
internal static class Networks
{
    private static readonly ValueInfo Image = new(
        "image",
        new TensorType(ElementType.Float32, new Shape(-1, 1, 28, 28))
    );

    /// <summary>LeNet-5 as Caffe has it, its weights random.</summary>
    public static Network LeNet5(Func<string, Shape, Encoding> encode)
    {
        ImmutableArray<long> two = [2, 2],
            five = [5, 5];
        var (kernel, pool) = (
            new Attributes(("kernel_shape", five)),
            new Attributes(("kernel_shape", two), ("strides", two))
        );
        var transposed = new Attributes(("transB", 1L));
        Node Layer(string type, Attributes attributes, string input, string output, string? weights = null) =>
            new(
                output,
                OperatorCatalogue.Create(type, attributes),
                weights is null ? [input] : [input, weights + ".weight", weights + ".bias"],
                [output]
            );
        (string, Shape)[] weights =
        [
            ("conv1.weight", new Shape(20, 1, 5, 5)),
            ("conv1.bias", new Shape(20)),
            ("conv2.weight", new Shape(50, 20, 5, 5)),
            ("conv2.bias", new Shape(50)),
            ("fc1.weight", new Shape(500, 800)),
            ("fc1.bias", new Shape(500)),
            ("fc2.weight", new Shape(10, 500)),
            ("fc2.bias", new Shape(10)),
        ];
        return new Network(
            "",
            [Image],
            [new ValueInfo("logits", new TensorType(ElementType.Float32, new Shape(-1, 10)))],
            [
                Layer("Conv", kernel, "image", "conv1", "conv1"),
                Layer("MaxPool", pool, "conv1", "conv1.pool"),
                Layer("Conv", kernel, "conv1.pool", "conv2", "conv2"),
                Layer("MaxPool", pool, "conv2", "conv2.pool"),
                Layer("Flatten", new Attributes(("axis", 1L)), "conv2.pool", "flat"),
                Layer("Gemm", transposed, "flat", "fc1", "fc1"),
                Layer("Relu", Attributes.None, "fc1", "fc1.relu"),
                Layer("Gemm", transposed, "fc1.relu", "logits", "fc2"),
            ],
            weights.Select(w => new Weight(w.Item1, encode(w.Item1, w.Item2)))
        );
    }

    /// <summary>
    /// A small network with an encoding of every kind, odd names, odd attributes, constants, and metadata.
    /// </summary>
    public static Network Odd(ulong seed)
    {
        var rng = new Rng(seed);
        var odd = new Attributes(("alpha", 0.5f), ("beta", -0f), ("transA", 0L));
        Weight[] weights =
        [
            new("w.dense", Tensor.Of(new Shape(6, 4), Bytes.Floats(rng, 24, 1))),
            new(
                "w sparse é",
                SparseEncoding.FromNonZeros(Tensor.Of(new Shape(100, 90), Bytes.Floats(rng, 9000, 0.03)))
            ),
            new("\0", Bytes.Codebook(rng, new Shape(95, 2, 7, 7), 17, 0.2, true)),
            new("codebook", Bytes.Codebook(rng, new Shape(3, 4), 5, 1, false)),
            new("empty", new SparseEncoding(new Shape(10, 10), [], [])),
            new("none", Tensor.Of(new Shape(0, 3), Array.Empty<float>())),
            new("scalar", Tensor.Scalar(-0f)),
            new("shape", Tensor.Vector(-1L, 0L, long.MaxValue, long.MinValue)),
            new("bytes", Tensor.Of(ElementType.Int4, new Shape(2), new sbyte[] { -8, 7 })),
            new("halves", Tensor.Vector((Half)1, (Half)(-2.5), Half.NaN)),
            new("flags", Tensor.Vector(true, false, true)),
            new("linear", ScaledWeightTests.Linear(rng, new Shape(90, 100), 4, 0, true, true)),
            new("vector", ScaledWeightTests.Vector(rng, new Shape(90, 100), new VectorLayout(10, 2, 16, false), true)),
            new("ternary", ScaledWeightTests.Ternary(rng, new Shape(6, 4), true, false)),
            new("binary", ScaledWeightTests.Binary(rng, new Shape(6, 4), false, false)),
            new(
                "unused",
                Tensor.Vector(
                    float.NaN,
                    float.NegativeInfinity,
                    float.Epsilon,
                    BitConverter.UInt32BitsToSingle(0x7F800001)
                )
            ),
        ];
        Node[] nodes =
        [
            new("first", new Decant.Core.Operators.Gemm(odd), ["in", "w.dense"], ["a"]),
            new("", new Decant.Core.Operators.Slice(Attributes.None), ["a", "shape", "shape", "", "shape"], ["b/1"]),
            new("b/1", new Decant.Core.Operators.Pad(new Attributes(("mode", "reflect"))), ["b/1", "shape"], ["b/2"]),
            new(
                "cat",
                new Decant.Core.Operators.Concat(new Attributes(("axis", -1L))),
                ["b/2", "a", "b/2", "other"],
                ["c"]
            ),
            new(
                "pool",
                new Decant.Core.Operators.MaxPool(
                    new Attributes(("kernel_shape", ImmutableArray.Create(300L, 1L)), ("auto_pad", "SAME_UPPER"))
                ),
                ["c"],
                ["d"]
            ),
        ];
        return new Network(
            "odd",
            [
                new ValueInfo("in", new TensorType(ElementType.Float32, null)),
                new ValueInfo("other", new TensorType(ElementType.Int64, Shape.Scalar)),
            ],
            [
                new ValueInfo("d", new TensorType(ElementType.Float32, new Shape(-1, 7))),
                new ValueInfo("a", new TensorType(ElementType.Float32, null)),
                new ValueInfo("unused", new TensorType(ElementType.Float32, new Shape(4))),
            ],
            [.. nodes],
            weights,
            ImmutableSortedDictionary.CreateRange(
                StringComparer.Ordinal,
                [KeyValuePair.Create("b", ""), KeyValuePair.Create("a", "größer")]
            )
        );
    }

    /// <summary>A network whose first weight has a section of its own: mutations are tried on it.</summary>
    public static Network Small(ulong seed) => Two(seed, 80, 110);

    /// <summary>The same with all weights in the shared section: quick to read.</summary>
    public static Network Tiny(ulong seed) => Two(seed, 12, 16);

    private static Network Two(ulong seed, int rows, int columns)
    {
        var rng = new Rng(seed);
        return new Network(
            "small",
            [new ValueInfo("x", new TensorType(ElementType.Float32, new Shape(-1, columns)))],
            [new ValueInfo("z", new TensorType(ElementType.Float32, new Shape(-1, 9)))],
            [
                new(
                    "y",
                    new Decant.Core.Operators.Gemm(new Attributes(("transB", 1L))),
                    ["x", "fc1.weight", "fc1.bias"],
                    ["y"]
                ),
                new("z", new Decant.Core.Operators.Gemm(new Attributes(("transB", 1L))), ["y", "fc2.weight"], ["z"]),
            ],
            [
                new("fc1.weight", Bytes.Codebook(rng, new Shape(rows, columns), 9, 0.1, true)),
                new("fc1.bias", Tensor.Of(new Shape(rows), Bytes.Floats(rng, rows, 1))),
                new(
                    "fc2.weight",
                    SparseEncoding.FromNonZeros(Tensor.Of(new Shape(9, rows), Bytes.Floats(rng, 9 * rows, 0.1)))
                ),
            ]
        );
    }

    public static byte[] Write(Network network, CodingEffort effort = CodingEffort.Smallest)
    {
        var stream = new MemoryStream();
        DcntWriter.Write(network, stream, new DcntWriteOptions { Effort = effort });
        return stream.ToArray();
    }

    public static Network Read(byte[] bytes)
    {
        using DcntReader reader = DcntReader.Open(new MemoryStream(bytes));
        return reader.ReadNetwork();
    }

    public static void AssertSame(Network a, Network b)
    {
        Assert.Equal(a.Name, b.Name);
        Assert.Equal(a.Inputs.AsEnumerable(), b.Inputs.AsEnumerable());
        Assert.Equal(a.Outputs.AsEnumerable(), b.Outputs.AsEnumerable());
        Assert.Equal(a.Metadata.AsEnumerable(), b.Metadata.AsEnumerable());
        Assert.Equal(a.Nodes.Select(Text), b.Nodes.Select(Text));
        Assert.Equal(a.Weights.Select(w => w.Name), b.Weights.Select(w => w.Name));
        foreach (Weight w in a.Weights)
            AssertSame(w.Encoding, b.Weights[w.Name].Encoding);
    }

    public static void AssertSame(Encoding a, Encoding b)
    {
        Assert.Equal((a.Kind, a.Type, a.Shape), (b.Kind, b.Type, b.Shape));
        Assert.True(a.Decode().Bytes().SequenceEqual(b.Decode().Bytes()));
        if (a is SparseEncoding s)
            Assert.True(
                s.Positions.SequenceEqual(((SparseEncoding)b).Positions)
                    && Bits(s.Values).SequenceEqual(Bits(((SparseEncoding)b).Values))
            );
        if (a is not CodebookEncoding c)
            return;
        var d = (CodebookEncoding)b;
        Assert.Equal(c.ZeroApart, d.ZeroApart);
        Assert.Equal(Bits(c.Codebook).Order(), Bits(d.Codebook).Order());
    }

    private static int[] Bits(ReadOnlySpan<float> values) =>
        Array.ConvertAll(values.ToArray(), BitConverter.SingleToInt32Bits);

    private static string Text(Node n) =>
        $"{n.Name}|{n.Operator.Type}|{string.Join(',', n.Inputs)}|{string.Join(',', n.Outputs)}|"
        + string.Join(';', n.Operator.Attributes.Select(a => $"{a.Key}={a.Value.GetType().Name}:{Text(a.Value)}"));

    private static string Text(object value) =>
        value switch
        {
            ImmutableArray<long> longs => string.Join(',', longs),
            float f => $"{BitConverter.SingleToInt32Bits(f)}",
            _ => value.ToString()!,
        };
}
