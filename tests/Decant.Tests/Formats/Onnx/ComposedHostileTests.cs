using System.Collections.Immutable;
using Decant.Core;
using Decant.Runtime;
using Xunit;

namespace Decant.Tests.Formats.Onnx;

/// <summary>
/// Nodes of the operators that import resolves, with inputs and attributes at random: each is read, and then runs or is
/// refused, or is refused at once, in a line.
/// </summary>
public sealed class ComposedHostileTests
{
    private static readonly int Count = Environment.GetEnvironmentVariable("DECANT_LONG") == "1" ? 5000 : 150;

    // Each operator, inputs that mostly fit it, and its attributes.
    private static readonly (string Type, string Inputs, string Attributes)[] Operators =
    [
        ("AffineGrid", "t3 k2", "align_corners"),
        ("Attention", "f4 f4 f4 - - -", "q_num_heads kv_num_heads is_causal softcap qk_matmul_output_mode"),
        ("BitShift", "u1 u1", "direction"),
        ("BitwiseAnd", "i2 i2", ""),
        ("BitwiseNot", "i2", ""),
        ("BlackmanWindow", "i0", "output_datatype"),
        ("CenterCropPad", "f2 k1", "axes"),
        ("Col2Im", "c3 k1 k1", "strides pads dilations"),
        ("Compress", "f2 b1", "axis"),
        ("ConcatFromSequence", "s", "axis new_axis"),
        ("CumProd", "f2 k0", "exclusive reverse"),
        ("DFT", "e2", "inverse onesided"),
        ("DeformConv", "f4 k4 o4", "strides pads dilations group offset_group kernel_shape"),
        ("Det", "m2", ""),
        ("Einsum", "f1", "equation"),
        ("EyeLike", "f2", "k dtype"),
        ("GlobalLpPool", "f4", "p"),
        ("GridSample", "f4 g4", "mode align_corners"),
        ("HammingWindow", "i0", "output_datatype"),
        ("HannWindow", "i0", "output_datatype"),
        ("Hardmax", "f3", "axis"),
        ("IsInf", "f2", ""),
        ("IsNaN", "f2", ""),
        ("LpNormalization", "f3", "axis p"),
        ("MaxRoiPool", "f4 r5", "pooled_shape spatial_scale"),
        ("MaxUnpool", "f4 i4", "kernel_shape strides pads"),
        ("MeanVarianceNormalization", "f4", "axes"),
        ("MelWeightMatrix", "kb kb kb kf kf", "output_datatype"),
        ("NegativeLogLikelihoodLoss", "f2 i1", "reduction ignore_index"),
        ("NonMaxSuppression", "f3 f3", "center_point_box"),
        ("Optional", "f2", ""),
        ("OptionalGetElement", "f2", ""),
        ("OptionalHasElement", "f2", ""),
        ("ReverseSequence", "f2 i1", "batch_axis time_axis"),
        ("RoiAlign", "f4 f2 i1", "mode output_height sampling_ratio spatial_scale"),
        ("RotaryEmbedding", "f4 q3 q3", "num_heads rotary_embedding_dim interleaved"),
        ("STFT", "f2 kb - kb", "onesided"),
        ("ScatterND", "f2 i2 f1", ""),
        ("SequenceAt", "s k0", ""),
        ("SequenceConstruct", "f2 f2", ""),
        ("SequenceEmpty", "", ""),
        ("SequenceErase", "s", ""),
        ("SequenceInsert", "s f2", ""),
        ("SequenceLength", "s", ""),
        ("Shrink", "f2", ""),
        ("SoftmaxCrossEntropyLoss", "f2 i1", "reduction ignore_index"),
        ("SplitToSequence", "f3", "axis keepdims"),
        ("Swish", "f2", ""),
        ("TensorScatter", "f4 f4 i1", "axis mode"),
        ("Unique", "f2", "axis"),
    ];

    private static readonly string[] Names =
    [
        "",
        .. "f0 f1 f2 f3 f4 f5 i0 i1 i2 i4 b1 b2 b4 d3 any u1 t3 q3 c3 e2 e4 r5 s k0 k1 k2 k4 kb kf ks empty".Split(' '),
    ];

    private static readonly (string Name, object[] Values)[] Attributes =
    [
        ("axis", [0L, 1L, -1L, 9L, long.MinValue]),
        ("axes", [Ints(0, 1), Ints(3), Ints(-9)]),
        ("mode", ["linear", "avg", "circular", "nearest", "other"]),
        ("equation", ["ij,jk->ik", "...i->i", "ab->", ",,"]),
        ("direction", ["LEFT", "RIGHT", ""]),
        ("dtype", [1L, 7L, 99L]),
        ("k", [0L, -3L, long.MaxValue]),
        ("p", [1L, 2L, 5L, -1L]),
        ("kernel_shape", [Ints(2, 2), Ints(0), Ints(int.MaxValue, int.MaxValue)]),
        ("pooled_shape", [Ints(2, 2), Ints(1 << 30, 1 << 30)]),
        ("output_height", [2L, 1L << 40]),
        ("strides", [Ints(1, 1), Ints(0, 0), Ints(-1)]),
        ("pads", [Ints(0, 0, 0, 0), Ints(-5, 0, 0, 0)]),
        ("dilations", [Ints(2, 2), Ints(0, 0)]),
        ("group", [2L, 0L, long.MinValue]),
        ("offset_group", [1L, 3L]),
        ("num_heads", [2L, -1L, long.MaxValue]),
        ("q_num_heads", [2L, 3L, long.MaxValue]),
        ("kv_num_heads", [2L, 1L, long.MaxValue]),
        ("rotary_embedding_dim", [2L, 3L, long.MaxValue]),
        ("interleaved", [1L]),
        ("is_causal", [1L]),
        ("qk_matmul_output_mode", [3L]),
        ("softcap", [1f, -1f, float.NaN]),
        ("reduction", ["mean", "none", "max"]),
        ("ignore_index", [0L, -100L]),
        ("new_axis", [1L]),
        ("keepdims", [0L]),
        ("inverse", [1L]),
        ("onesided", [1L, 0L]),
        ("batch_axis", [0L, 1L]),
        ("time_axis", [0L, 1L]),
        ("align_corners", [1L]),
        ("exclusive", [1L]),
        ("reverse", [1L]),
        ("center_point_box", [1L, 2L]),
        ("sampling_ratio", [2L, -1L]),
        ("spatial_scale", [0.5f, float.NaN]),
        ("output_datatype", [1L, 11L, 0L]),
    ];

    public static TheoryData<string> AllTypes => [.. Operators.Select(o => o.Type)];

    [Theory]
    [MemberData(nameof(AllTypes))]
    public void EachIsReadOrRefused(string type)
    {
        int read = 0;
        string last = "";
        for (int i = 0; i < Count; i++)
        {
            var rng = Rng.For(41, type, $"{i}");
            OnnxModelBuilder model = Model(rng, type);
            try
            {
                Network network = model.Read();
                read++;
                using var executor = new ReferenceExecutor(network, threads: 1);
                executor.Run([.. network.Inputs.Select(input => Fed(rng, input))]);
            }
            catch (DecantException e)
            {
                last = e.Message;
                Assert.DoesNotContain('\n', e.Message);
            }
        }
        Assert.True(
            read > 0
                || type
                    is "SequenceEmpty"
                        or "SequenceConstruct"
                        or "SequenceErase"
                        or "SequenceInsert"
                        or "SplitToSequence",
            $"none was read; the last was refused: {last}"
        );
    }

    private static OnnxModelBuilder Model(Rng rng, string type)
    {
        OnnxModelBuilder model = new OnnxModelBuilder(21 + rng.Next(6))
            .Input("f0")
            .Input("f1", 4)
            .Input("f2", "n", 4)
            .Input("f3", 2, "n", 4)
            .Input("f4", 2, 4, "h", 6)
            .Input("f5", 1, 2, 3, 4, 5)
            .Input("i0", ElementType.Int64)
            .Input("i1", ElementType.Int64, 2)
            .Input("i2", ElementType.Int64, "n", 2)
            .Input("i4", ElementType.Int64, 2, 4, 3, 6)
            .Input("b1", ElementType.Bool, 4)
            .Input("b2", ElementType.Bool, "n", 4)
            .Input("b4", ElementType.Bool, 2, 1, 4, 4)
            .Input("d3", ElementType.Float64, 2, 3, 4)
            .Input("u1", ElementType.UInt8, 4)
            .Input("t3", 4, 3, 4)
            .Input("q3", 2, "h", 3)
            .Input("c3", "n", 6, 2)
            .Input("e2", "n", 5, 2)
            .Input("m2", "n", 4, 4)
            .Input("g4", 2, 3, 3, 2)
            .Input("o4", 2, 18, 3, 4)
            .Input("r5", 2, 5)
            .Weight("kb", Tensor.Scalar(3L))
            .Input("e4", ElementType.Float32, 0, 4, 0, 2)
            .Weight("k0", Tensor.Scalar(rng.Next(5) - 2L))
            .Ints("k1", 2, 3)
            .Ints("k2", 4, 1, 5, 6)
            .Weight("k4", Tensor.Zeros(ElementType.Float32, new Shape(2, 4, 3, 3)))
            .Weight("kf", Tensor.Scalar(0.5f))
            .Node("NonZero", "f1", "places")
            .Node("Squeeze", "places", "shape")
            .Node("Reshape", "f1 shape", "any")
            .Node("SequenceConstruct", "f2 f2", "s")
            .Node("SplitToSequence", "f3", "ks")
            .Node("SequenceEmpty", "", "empty");
        var (_, fitting, own) = Operators.Single(o => o.Type == type);
        List<string> inputs = [.. fitting.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        for (int i = 0; i < inputs.Count; i++)
            if (rng.Next(4) == 0)
                inputs[i] = Name(rng);
        if (rng.Next(6) == 0)
            inputs.Add(Name(rng));
        if (rng.Next(12) == 0 && inputs.Count > 0)
            inputs.RemoveAt(inputs.Count - 1);
        var attributes = new Dictionary<string, object>();
        foreach (var (name, values) in Attributes)
            if (own.Split(' ').Contains(name) ? rng.Next(3) == 0 : rng.Next(400) == 0)
                attributes[name] = values[rng.Next(values.Length)];
        return model
            .Output("y", ElementType.Float32)
            .Node(
                type,
                string.Join(' ', inputs),
                rng.Next(12) == 0 ? "y z" : "y",
                [.. attributes.Select(a => (a.Key, a.Value))]
            );
    }

    private static string Name(Rng rng) => Names[rng.Next(Names.Length)] is { Length: > 0 } name ? name : "-";

    private static Tensor Fed(Rng rng, ValueInfo input)
    {
        Tensor tensor = Tensor.Zeros(
            input.Type.Type,
            new Shape([.. input.Type.Shape!.Value.Dims.Select(d => d < 0 ? 3 : d)])
        );
        if (input.Type.Type == ElementType.Float32)
            foreach (ref float value in tensor.Span<float>())
                value = (float)rng.NextDouble(-2, 2);
        else if (input.Type.Type == ElementType.Int64)
            foreach (ref long value in tensor.Span<long>())
                value = rng.Next(4) - 1;
        return tensor;
    }

    private static ImmutableArray<long> Ints(params int[] values) => [.. values.Select(v => (long)v)];
}
