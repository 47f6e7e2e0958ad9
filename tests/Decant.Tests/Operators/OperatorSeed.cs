using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Tests.Operators;

/// <summary>A node that every executor accepts; the sweep departs from it.</summary>
/// <param name="Type">The operator.</param>
/// <param name="Attributes">Its attributes.</param>
/// <param name="Outputs">How many outputs it names.</param>
/// <param name="Inputs">Its inputs; null for one left out.</param>
internal sealed record OperatorSeed(string Type, Attributes Attributes, int Outputs, params Tensor?[] Inputs)
{
    /// <summary>A seed with one output and no attributes.</summary>
    public OperatorSeed(string type, params Tensor?[] inputs)
        : this(type, Attributes.None, 1, inputs) { }
}

/// <summary>At least one accepted node for every operator, with small shapes whose extents mostly differ.</summary>
internal static class OperatorSeeds
{
    private static readonly string[] Functions =
    [
        .. "Abs Ceil Celu Cos Elu Erf Exp Floor Gelu HardSigmoid HardSwish Identity LeakyRelu Log Mish Neg".Split(' '),
        .. "Acos Acosh Asin Asinh Atan Atanh Cosh Sinh Tan".Split(' '),
        .. "Reciprocal Relu Round Selu Sigmoid Sign Sin Softplus Softsign Sqrt Tanh ThresholdedRelu".Split(' '),
    ];

    private static readonly string[] Pairs =
    [
        .. "Add Sub Mul Div Pow PRelu Max Min Mean Sum Equal Greater GreaterOrEqual Less LessOrEqual".Split(' '),
    ];

    private static readonly string[] Reductions =
    [
        .. "ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd".Split(' '),
        .. "ReduceSum ReduceSumSquare".Split(' '),
    ];

    /// <summary>The seeds.</summary>
    public static IEnumerable<OperatorSeed> All =>
        [
            .. Functions.Select(type => new OperatorSeed(type, Floats(2, 3, 4))),
            .. Pairs.Select(type => new OperatorSeed(type, Floats(2, 3, 4), Floats(3, 1))),
            .. new[] { "And", "Or", "Xor" }.Select(type => new OperatorSeed(type, Bools(2, 3), Bools(3))),
            .. new[] { "BitwiseAnd", "BitwiseOr", "BitwiseXor" }.Select(type => new OperatorSeed(
                type,
                Places([2, 3], 5, -7, 12, 1 << 20, 0, 9),
                Integers(3, 12, -1)
            )),
            .. Reductions.Select(type => new OperatorSeed(type, Floats(2, 3, 4), Integers(1, -1))),
            .. Elementwise(),
            .. Windows(),
            .. Products(),
            .. Normalizations(),
            .. Movements(),
            .. Choices(),
            .. Quantizers(),
            .. Recurrent(),
            .. Bodies(),
        ];

    public static Tensor Floats(params int[] dims) =>
        Tensor.Of(new Shape(dims), [.. Enumerable.Range(0, Count(dims)).Select(i => 0.25f + i * 7 % 13 / 8f)]);

    private static Tensor Bools(params int[] dims) =>
        Tensor.Of(new Shape(dims), [.. Enumerable.Range(0, Count(dims)).Select(i => i % 3 != 0)]);

    private static Tensor Bytes(params int[] dims) =>
        Tensor.Of(new Shape(dims), [.. Enumerable.Range(0, Count(dims)).Select(i => (byte)(i * 29 % 200))]);

    private static Tensor Integers(params long[] values) => Tensor.Vector(values);

    private static Tensor Places(int[] dims, params long[] values) => Tensor.Of(new Shape(dims), values);

    private static ImmutableArray<long> Ints(params int[] values) => [.. values.Select(v => (long)v)];

    private static Attributes With(params (string, object)[] values) => new(values);

    private static int Count(int[] dims) => dims.Aggregate(1, (n, d) => n * d);

    private static IEnumerable<OperatorSeed> Elementwise() =>
        [
            new("Mod", With(("fmod", 1L)), 1, Floats(2, 3, 4), Floats(4)),
            new("Not", Bools(2, 3)),
            new("Where", Bools(2, 1, 4), Floats(3, 1), Floats(4)),
            new("Clip", Floats(2, 3), Tensor.Scalar(0.5f), Tensor.Scalar(1.25f)),
            new("Clip", Floats(2, 3), null, Tensor.Vector(1f)),
            new("Sum", Floats(2, 3), Floats(3), Floats(1, 1, 1)),
            new("Max", Floats(2, 3)),
            new("Softmax", With(("axis", 1L)), 1, Floats(2, 3, 4)),
            new("LogSoftmax", With(("axis", -1L)), 1, Floats(2, 3, 4)),
            new("Cast", With(("to", (long)ElementType.Float64)), 1, Floats(2, 3)),
            new("Cast", With(("to", (long)ElementType.Int32)), 1, Floats(2, 3)),
            new("CastLike", Floats(2, 3), Integers(1)),
            new("CumSum", Floats(2, 3, 4), Tensor.Scalar(1L)),
            new("Dropout", Attributes.None, 2, Floats(2, 3), Tensor.Scalar(0.5f), Tensor.Scalar(false)),
        ];

    private static IEnumerable<OperatorSeed> Windows()
    {
        Attributes window = With(
            ("kernel_shape", Ints(3, 2)),
            ("pads", Ints(1, 0, 1, 1)),
            ("strides", Ints(2, 1)),
            ("ceil_mode", 0L)
        );
        return
        [
            new(
                "Conv",
                With(
                    ("pads", Ints(1, 1, 0, 1)),
                    ("strides", Ints(1, 2)),
                    ("dilations", Ints(1, 2)),
                    ("kernel_shape", Ints(3, 2)),
                    ("auto_pad", "NOTSET")
                ),
                1,
                Floats(2, 3, 6, 5),
                Floats(4, 3, 3, 2),
                Floats(4)
            ),
            new("Conv", With(("group", 2L)), 1, Floats(1, 4, 7), Floats(6, 2, 3), Floats(6)),
            new("Conv", Attributes.None, 1, Floats(1, 2, 4, 5, 6), Floats(3, 2, 2, 2, 2)),
            new(
                "ConvTranspose",
                With(("strides", Ints(2, 1)), ("pads", Ints(1, 0, 0, 1)), ("output_padding", Ints(1, 0))),
                1,
                Floats(2, 3, 4, 5),
                Floats(3, 4, 3, 2),
                Floats(4)
            ),
            new("AveragePool", window, 1, Floats(2, 3, 6, 5)),
            new("LpPool", window, 1, Floats(2, 3, 6, 5)),
            new("MaxPool", window, 2, Floats(2, 3, 6, 5)),
            new("GlobalAveragePool", Floats(2, 3, 6, 5)),
            new("GlobalMaxPool", Floats(2, 3, 6, 5)),
            new("ConvInteger", Bytes(1, 2, 6, 5), Bytes(4, 2, 3, 2), Tensor.Scalar((byte)3), Bytes(4)),
            new(
                "QLinearConv",
                Bytes(1, 2, 6, 5),
                Tensor.Scalar(0.5f),
                Tensor.Scalar((byte)3),
                Bytes(4, 2, 3, 2),
                Floats(4),
                Bytes(4),
                Tensor.Scalar(40f),
                Tensor.Scalar((byte)9),
                Tensor.Vector(1, 2, 3, 4)
            ),
        ];
    }

    private static IEnumerable<OperatorSeed> Products() =>
        [
            new("MatMul", Floats(2, 3, 4), Floats(4, 5)),
            new("MatMul", Floats(4), Floats(2, 4, 5)),
            new("Gemm", With(("transB", 1L), ("beta", 0.5f)), 1, Floats(3, 4), Floats(5, 4), Floats(5)),
            new("Gemm", Attributes.None, 1, Floats(3, 4), Floats(4, 5), Floats(3, 1)),
            new("MatMulInteger", Bytes(3, 4), Bytes(4, 5), Bytes(3), Bytes(5)),
            new(
                "QLinearMatMul",
                Bytes(3, 4),
                Floats(3),
                Bytes(3),
                Bytes(4, 5),
                Tensor.Scalar(0.5f),
                Tensor.Scalar((byte)7),
                Tensor.Scalar(90f),
                Tensor.Scalar((byte)9)
            ),
        ];

    private static IEnumerable<OperatorSeed> Normalizations() =>
        [
            new("BatchNormalization", Floats(2, 3, 4), Floats(3), Floats(3), Floats(3), Floats(3)),
            new("BatchNormalization", Floats(2, 3, 4, 5), Floats(3), Floats(3), Floats(3), Floats(3)),
            new(
                "BatchNormalization",
                With(("training_mode", 1L)),
                3,
                Floats(2, 3, 4),
                Floats(3),
                Floats(3),
                Floats(3),
                Floats(3)
            ),
            new("GroupNormalization", With(("num_groups", 2L)), 1, Floats(2, 4, 3), Floats(4), Floats(4)),
            new("InstanceNormalization", Floats(2, 3, 4), Floats(3), Floats(3)),
            new("LayerNormalization", With(("axis", -2L)), 3, Floats(2, 3, 4), Floats(3, 4), Floats(4)),
            new("RMSNormalization", Floats(2, 3, 4), Floats(4)),
            new("LRN", With(("size", 3L)), 1, Floats(2, 5, 3)),
        ];

    private static IEnumerable<OperatorSeed> Movements() =>
        [
            new("Reshape", Floats(2, 3, 4), Integers(4, -1)),
            new("Flatten", With(("axis", 2L)), 1, Floats(2, 3, 4)),
            new("Squeeze", Floats(2, 1, 4), Integers(1)),
            new("Unsqueeze", Floats(2, 4), Integers(1, -1)),
            new("Expand", Floats(3, 1), Integers(2, 1, 4)),
            new("Transpose", With(("perm", Ints(2, 0, 1))), 1, Floats(2, 3, 4)),
            new("DepthToSpace", With(("blocksize", 2L)), 1, Floats(1, 8, 3, 5)),
            new("SpaceToDepth", With(("blocksize", 2L)), 1, Floats(1, 3, 4, 6)),
            new("Concat", With(("axis", 1L)), 1, Floats(2, 3, 4), Floats(2, 1, 4)),
            new("Split", With(("axis", 1L)), 2, Floats(2, 5, 3), Integers(2, 3)),
            new("Split", With(("num_outputs", 2L)), 2, Floats(4, 3)),
            new("Slice", Floats(4, 6, 5), Integers(1, 4), Integers(3, 0), Integers(0, 1), Integers(1, -2)),
            new("Pad", Floats(3, 4), Integers(1, 2), Tensor.Scalar(0.5f), Integers(1)),
            new("Pad", With(("mode", "reflect")), 1, Floats(3, 4), Integers(0, 2, 1, 1)),
            new("Pad", With(("mode", "edge")), 1, Floats(3, 4), Integers(0, 2, 1, 1)),
            new("Tile", Floats(2, 3), Integers(2, 1)),
            new("Trilu", Floats(2, 4, 3), Tensor.Scalar(1L)),
            new("Shape", With(("start", 1L)), 1, Floats(2, 3, 4)),
            new("Size", Floats(2, 3, 4)),
            new("ConstantOfShape", Integers(2, 3)),
            new("Range", Tensor.Scalar(1f), Tensor.Scalar(9f), Tensor.Scalar(2.5f)),
            new("Resize", Floats(1, 2, 4, 3), null, Tensor.Vector(1f, 1f, 2f, 0.5f)),
            new(
                "Resize",
                With(("mode", "linear"), ("keep_aspect_ratio_policy", "stretch")),
                1,
                Floats(1, 2, 4, 3),
                null,
                null,
                Integers(1, 2, 6, 6)
            ),
            new("Resize", With(("mode", "cubic")), 1, Floats(1, 2, 4, 3), null, null, Integers(1, 2, 6, 6)),
        ];

    private static IEnumerable<OperatorSeed> Choices() =>
        [
            new("Gather", With(("axis", 1L)), 1, Floats(2, 4, 3), Places([2, 2], 0, 3, -1, 1)),
            new("GatherElements", With(("axis", 1L)), 1, Floats(2, 4), Places([2, 3], 0, 3, -1, 1, 1, 0)),
            new("GatherND", Floats(3, 4, 2), Places([2, 2], 0, 3, -1, 1)),
            new("ScatterElements", With(("axis", 1L)), 1, Floats(2, 4), Places([2, 1], 3, -2), Floats(2, 1)),
            new("OneHot", Places([2, 3], 0, 1, 2, 3, -1, 9), Tensor.Scalar(5L), Tensor.Vector(0.25f, 4f)),
            new("NonZero", Floats(2, 3)),
            new(
                "MaxRoiPool",
                With(("pooled_shape", Ints(2, 2))),
                1,
                Floats(2, 3, 5, 4),
                Tensor.Of(new Shape(2, 5), [0f, 0, 0, 3, 3, 1, 1, 0, 2, 4])
            ),
            new("Unique", With(("axis", 1L)), 4, Places([2, 4], 1, 3, 1, 2, 1, 3, 1, 0)),
            new("Unique", With(("sorted", 0L)), 4, Places([2, 4], 1, 3, 1, 2, 1, 3, 1, 0)),
            new("Det", Floats(2, 3, 3)),
            new("NonMaxSuppression", Floats(2, 3, 4), Floats(2, 5, 3), Integers(2), Floats(1)),
            new("RoiAlign", With(("output_height", 2L)), 1, Floats(2, 3, 5, 4), Floats(3, 4), Integers(0, 1, 0)),
            new("TopK", With(("axis", 1L), ("largest", 1L)), 2, Floats(2, 5, 2), Integers(3)),
            new("ArgMax", With(("axis", 1L)), 1, Floats(2, 5, 2)),
            new("ArgMin", With(("axis", -1L), ("keepdims", 0L)), 1, Floats(2, 5)),
        ];

    private static IEnumerable<OperatorSeed> Quantizers() =>
        [
            new("QuantizeLinear", Floats(2, 3, 4), Tensor.Scalar(0.02f), Tensor.Scalar((byte)5)),
            new("QuantizeLinear", Floats(2, 3, 4), Floats(3), Tensor.Vector<sbyte>(1, 2, 3)),
            new("DequantizeLinear", Bytes(2, 3, 4), Tensor.Scalar(0.02f), Tensor.Scalar((byte)5)),
            new("DequantizeLinear", Bytes(2, 3, 4), Floats(3), Bytes(3)),
            new("DynamicQuantizeLinear", Attributes.None, 3, Floats(2, 3)),
        ];

    private static IEnumerable<OperatorSeed> Recurrent()
    {
        Tensor lengths = Tensor.Vector(5, 2);
        return
        [
            new("RNN", Attributes.None, 2, Floats(5, 2, 3), Floats(1, 4, 3), Floats(1, 4, 4), Floats(1, 8)),
            new(
                "GRU",
                Attributes.None,
                2,
                Floats(5, 2, 3),
                Floats(1, 12, 3),
                Floats(1, 12, 4),
                Floats(1, 24),
                lengths,
                Floats(1, 2, 4)
            ),
            new(
                "LSTM",
                With(("direction", "bidirectional")),
                3,
                Floats(5, 2, 3),
                Floats(2, 16, 3),
                Floats(2, 16, 4),
                Floats(2, 32),
                lengths,
                Floats(2, 2, 4),
                Floats(2, 2, 4),
                Floats(2, 12)
            ),
        ];
    }

    /// <summary>Operators that run graphs. The loop ends without a count too.</summary>
    private static OperatorSeed[] Bodies()
    {
        Network add = Body("a b", "y", ("Add", "a b", "y")),
            multiply = Body("a b", "y", ("Mul", "a b", "y")),
            loop = Body("i go v w five", "on next next", ("Less", "i five", "on"), ("Add", "v w", "next")),
            scan = Body("s u w", "t p", ("Add", "s u", "t"), ("Mul", "t w", "p"));
        return
        [
            new(
                "If",
                With(("then_branch", add), ("else_branch", multiply)),
                1,
                Tensor.Of(Shape.Scalar, [true]),
                Floats(2, 3),
                Floats(3)
            ),
            new(
                "Loop",
                With(("body", loop), ("captured", 2L)),
                2,
                Tensor.Scalar(3L),
                Tensor.Of(Shape.Scalar, [true]),
                Floats(2, 3),
                Floats(3),
                Tensor.Scalar(5L)
            ),
            new(
                "Scan",
                With(
                    ("body", scan),
                    ("captured", 1L),
                    ("num_scan_inputs", 1L),
                    ("scan_input_axes", ImmutableArray.Create(1L)),
                    ("scan_output_axes", ImmutableArray.Create(-1L)),
                    ("scan_output_directions", ImmutableArray.Create(1L))
                ),
                2,
                Floats(2),
                Floats(2, 4),
                Floats(2)
            ),
        ];
    }

    private static Network Body(string inputs, string outputs, params (string Type, string Reads, string Makes)[] nodes)
    {
        ValueInfo Info(string name) =>
            new(
                name,
                name switch
                {
                    "i" => new TensorType(ElementType.Int64, Shape.Scalar),
                    "go" or "on" => new TensorType(ElementType.Bool, Shape.Scalar),
                    "five" => new TensorType(ElementType.Int64, null),
                    _ => new TensorType(ElementType.Unknown, null),
                }
            );
        return new Network(
            "body",
            [.. inputs.Split(' ').Select(Info)],
            [.. outputs.Split(' ').Select(Info)],
            [
                .. nodes.Select(n => new Node(
                    n.Makes,
                    OperatorCatalogue.Create(n.Type, Attributes.None),
                    [.. n.Reads.Split(' ')],
                    [n.Makes]
                )),
            ],
            []
        );
    }
}
