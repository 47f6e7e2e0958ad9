using System.Collections.Immutable;
using Decant.Core;
using Decant.Formats.Onnx;
using Decant.Formats.Onnx.Export;
using Decant.Formats.Onnx.Wire;

namespace Decant.Tests.Formats.Onnx;

/// <summary>Small models made for tests.</summary>
internal static class Models
{
    /// <summary>LeNet-5 with few channels, as Decant writes it.</summary>
    public static byte[] LeNet()
    {
        using var stream = new MemoryStream();
        OnnxWriter.Write(LeNetNetwork(), stream);
        return stream.ToArray();
    }

    public static Network LeNetNetwork()
    {
        var rng = new Rng(1);
        (string, Operator, string, string)[] nodes =
        [
            ("conv1", Make("Conv", ("kernel_shape", Many(3, 3)), ("pads", Many(1, 1, 1, 1))), "x conv1.w conv1.b", "a"),
            ("pool1", Make("MaxPool", ("kernel_shape", Many(2, 2)), ("strides", Many(2, 2))), "a", "b"),
            ("flatten", Make("Flatten", ("axis", 1L)), "b", "c"),
            ("fc1", Make("Gemm", ("transB", 1L), ("alpha", 1f)), "c fc1.w fc1.b", "d"),
            ("relu", Make("Relu"), "d", "e"),
            ("reshape", Make("Reshape"), "e shape", "y"),
        ];
        return new Network(
            "lenet",
            [Value("x", Shape.Unknown, 1, 8, 8)],
            [Value("y", Shape.Unknown, 10)],
            [.. nodes.Select(n => new Node(n.Item1, n.Item2, [.. n.Item3.Split(' ')], [n.Item4]))],
            [
                Random(rng, "conv1.w", 2, 1, 3, 3),
                Random(rng, "conv1.b", 2),
                Random(rng, "fc1.w", 10, 32),
                Random(rng, "fc1.b", 10),
                new Weight("shape", Tensor.Vector(0L, -1)),
            ],
            ImmutableSortedDictionary<string, string>.Empty.Add("preprocessing", "scale 1/256")
        );
    }

    /// <summary>Reshape and Pad whose parameters are computed.</summary>
    public static byte[] ShapeArithmetic() =>
        new OnnxModelBuilder()
            .Input("x", "N", 3, 4, 4)
            .Output("y", "N", 78)
            .Weight("zero", Tensor.Scalar(0L))
            .Ints("axes", 0)
            .Ints("rest", -1)
            .Ints("pairs", 1, 1)
            .Ints("eight", 8)
            .Ints("rows", -1, 2)
            .Ints("from", -1)
            .Ints("to", long.MinValue)
            .Ints("step", -1)
            .Node("Shape", "pairs", "ps")
            .Node("Sub", "eight ps", "missing")
            .Node("ConstantOfShape", "missing", "zeros", ("value", Tensor.Vector(0L)))
            .Node("Concat", "pairs zeros", "full", ("axis", 0L))
            .Node("Reshape", "full rows", "m")
            .Node("Slice", "m from to axes step", "back")
            .Node("Transpose", "back", "t", ("perm", Many(1, 0)))
            .Node("Reshape", "t rest", "row")
            .Node("Cast", "row", "pads", ("to", 7L))
            .Node("Pad", "x pads", "p")
            .Node("Shape", "p", "s")
            .Node("Gather", "s zero", "n")
            .Node("Unsqueeze", "n axes", "u")
            .Node("Concat", "u rest", "target", ("axis", 0L))
            .Node("Reshape", "p target", "r")
            .Node("Identity", "r", "i")
            .Node("Dropout", "i", "y mask")
            .Build();

    /// <summary>
    /// Forms of opset 9: parameters as attributes, softmax over a matrix, initializers that are inputs.
    /// </summary>
    public static byte[] OldOperators() =>
        new OnnxModelBuilder(9)
            .Input("x", "N", 3, 4)
            .Input("w", 3, 4)
            .Output("y", "N", 3, 6)
            .Weight("w", Random(new Rng(2), "", 3, 4).Encoding.Decode())
            .Node("Mul", "x w", "m")
            .Node("Softmax", "m", "s", ("axis", 1L))
            .Node("Slice", "s", "c", ("starts", Many(0, 0)), ("ends", Many(3, int.MaxValue)), ("axes", Many(1, 2)))
            .Node("Pad", "c", "p", ("pads", Many(0, 0, 1, 0, 0, 1)), ("value", 0.5f), ("mode", "constant"))
            .Node("Dropout", "p", "d", ("ratio", 0.3f))
            .Node("Relu", "d", "y")
            .Build();

    /// <summary>Every operator that folds, and rewrites that need shapes.</summary>
    public static byte[] Everything() =>
        new OnnxModelBuilder(12)
            .Input("x", "N", 4, "H")
            .Output("y", "N", 4, "H")
            .Output("k", ElementType.Int64, "K")
            .Weight("a", Tensor.Scalar(2L))
            .Weight("b", Tensor.Scalar(9L))
            .Ints("v", 3, -1, 2)
            .Ints("c", 2, 3)
            .Weight("f", Tensor.Vector(1f, 4f))
            .Ints("p", 0, 1)
            .Node("Range", "a b a", "range")
            .Node("Unsqueeze", "range", "u", ("axes", Many(0)))
            .Node("Squeeze", "u", "q", ("axes", Many(0)))
            .Node("Neg", "q", "neg")
            .Node("Abs", "neg", "abs")
            .Node("Max", "abs a", "max")
            .Node("Min", "max b", "min")
            .Node("Less", "min b", "less")
            .Node("Not", "less", "not")
            .Node("Where", "not min neg", "where")
            .Node("ReduceSum", "where", "sum", ("axes", Many(0)), ("keepdims", 0L))
            .Node("ReduceProd", "v", "prod", ("keepdims", 0L))
            .Node("Equal", "where where", "eq")
            .Node("Greater", "where where", "gt")
            .Node("And", "eq gt", "and")
            .Node("Or", "eq gt", "or")
            .Node("Where", "or where neg", "k")
            .Node("Sqrt", "f", "root")
            .Node("Cast", "root", "cast", ("to", 7L))
            .Node("Div", "cast a", "div")
            .Node("Size", "x", "size")
            .Node("Flatten", "u", "flat")
            .Node("Shape", "x", "s")
            .Node("Gather", "s p", "g")
            .Node("Slice", "x a b", "dead")
            .Node("Softmax", "x", "soft", ("axis", 2L))
            .Node("Relu", "soft", "y")
            .Odd("Split", "x", "s1 s2", n => n.Text(3, "split"))
            .Odd("GroupNormalization", "x f f", "gn", n => n.Text(3, "norm"))
            .Build();

    /// <summary>Lone tensors, with numbers in each of the fields that may hold them.</summary>
    public static IEnumerable<byte[]> TensorFiles()
    {
        yield return TensorWriter
            .Head("raw", ElementType.Float32, new Shape(3, 5))
            .Raw(Tensor.Zeros(ElementType.Float32, new Shape(3, 5)))
            .Written.ToArray();
        yield return new WireWriter().Int64(1, 4).Int64(2, 1).Message(4, Bytes(16)).Written.ToArray();
        yield return new WireWriter().Int64(1, 4).Int64(2, 6).Message(5, Bytes(4)).Written.ToArray();
        yield return new WireWriter().Int64(1, 3).Int64(2, 7).Int64(7, -1).Int64(7, 1).Int64(7, 2).Written.ToArray();
        yield return new WireWriter().Int64(1, 2).Int64(2, 11).Message(10, Bytes(16)).Written.ToArray();
        yield return new WireWriter().Int64(1, 3).Int64(2, 22).Int64(5, 0x21).Int64(5, 0x03).Written.ToArray();
    }

    private static WireWriter Bytes(int count)
    {
        var writer = new WireWriter();
        writer.Raw(Tensor.Of(ElementType.UInt8, new Shape(count), new byte[count]));
        return writer;
    }

    public static Operator Make(string type, params (string, object)[] attributes) =>
        OperatorCatalogue.Create(type, new Attributes(attributes));

    public static ImmutableArray<long> Many(params long[] values) => [.. values];

    public static ValueInfo Value(string name, params int[] dims) =>
        new(name, new TensorType(ElementType.Float32, new Shape(dims)));

    public static Weight Random(Rng rng, string name, params int[] dims)
    {
        Tensor tensor = Tensor.Zeros(ElementType.Float32, new Shape(dims));
        foreach (ref float value in tensor.Span<float>())
            value = (float)rng.NextNormal();
        return new Weight(name, tensor);
    }
}
