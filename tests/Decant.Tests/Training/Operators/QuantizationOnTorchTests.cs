using Decant.Core;
using Decant.Tests.Torch;
using Xunit;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Training.Operators;

/// <summary>Quantizing operators on libtorch and in the managed runtime: the integers must be the same.</summary>
[Collection("libtorch")]
public sealed class QuantizationOnTorchTests
{
    [TorchFact]
    public void LinearPerTensorAxisAndBlock()
    {
        for (int i = 0; i < 40; i++)
        {
            var rng = new Rng((ulong)i);
            int[] dims = [1 + rng.Next(4), 1 + rng.Next(8), 1 + rng.Next(5)];
            int axis = rng.Next(3),
                block = rng.Next(3) == 0 ? 1 + rng.Next(dims[axis]) : 0;
            int[] scaled = (int[])dims.Clone();
            scaled[axis] = block == 0 ? dims[axis] : (dims[axis] + block - 1) / block;
            int[] shape =
                block > 0 ? scaled
                : rng.Next(2) == 0 ? []
                : [dims[axis]];
            ElementType type = new[]
            {
                ElementType.UInt8,
                ElementType.Int8,
                ElementType.Int16,
                ElementType.UInt16,
                ElementType.Int4,
                ElementType.UInt4,
            }[rng.Next(6)];
            Tensor scale = Positive(rng, shape),
                x = Times(Random(rng, dims), 20),
                zero = Integers(rng, type, shape);
            Attributes attributes = With(("axis", (long)axis), ("block_size", (long)block));
            AgainstRuntime.Same("QuantizeLinear", attributes, 1, 0, x, scale, zero);
            AgainstRuntime.Same("DequantizeLinear", attributes, 1, 1e-6, Integers(rng, type, dims), scale, zero);
            AgainstRuntime.Same(
                "QuantizeLinear",
                With(("axis", (long)axis), ("block_size", (long)block), ("output_dtype", (long)type)),
                1,
                0,
                x,
                scale
            );
            AgainstRuntime.Same("DynamicQuantizeLinear", With(), 3, 1e-6, x);
        }
    }

    [TorchFact]
    public void Products()
    {
        for (int i = 0; i < 30; i++)
        {
            var rng = new Rng((ulong)i);
            int m = 1 + rng.Next(4),
                k = 1 + rng.Next(6),
                n = 1 + rng.Next(5);
            ElementType type = rng.Next(2) == 0 ? ElementType.UInt8 : ElementType.Int8;
            int[] batch = rng.Next(2) == 0 ? [] : [2],
                rows = rng.Next(2) == 0 ? [] : [m],
                columns = rng.Next(2) == 0 ? [] : [n];
            Tensor a = Integers(rng, type, [.. batch, m, k]),
                b = Integers(rng, type, [.. batch, k, n]),
                az = Integers(rng, type, rows),
                bz = Integers(rng, type, columns);
            AgainstRuntime.Same("MatMulInteger", With(), 1, 0, a, b, az, bz);
            AgainstRuntime.Same("MatMulInteger", With(), 1, 0, a, b);
            AgainstRuntime.Same(
                "QLinearMatMul",
                With(),
                1,
                0,
                a,
                Positive(rng, rows),
                az,
                b,
                Positive(rng, columns),
                bz,
                Tensor.Scalar(7.3f),
                Integers(rng, type)
            );
        }
    }

    [TorchFact]
    public void LongSumsOfLargeProducts()
    {
        foreach (int k in new[] { 257, 258, 259, 1000, 5000, 20_000 })
        {
            Tensor a = Tensor.Of(new Shape(2, k), new byte[2 * k]),
                b = Tensor.Of(new Shape(k, 2), new sbyte[2 * k]);
            a.Span<byte>().Fill(255);
            b.Span<sbyte>()[..k].Fill(-128);
            b.Span<sbyte>()[k..].Fill(127);
            AgainstRuntime.Same("MatMulInteger", With(), 1, 0, a, b);
            AgainstRuntime.Same("MatMulInteger", With(), 1, 0, a, b, null, Tensor.Scalar((sbyte)127));
        }
    }

    [TorchFact]
    public void Convolutions()
    {
        for (int i = 0; i < 20; i++)
        {
            var rng = new Rng((ulong)i);
            int group = 1 + rng.Next(2),
                filters = group * (1 + rng.Next(3));
            ElementType type = rng.Next(2) == 0 ? ElementType.UInt8 : ElementType.Int8;
            Tensor x = Integers(rng, ElementType.UInt8, 1 + rng.Next(2), group * 2, 6, 5),
                w = Integers(rng, type, filters, 2, 3, 2);
            Tensor xz = Integers(rng, ElementType.UInt8),
                wz = Integers(rng, type, rng.Next(2) == 0 ? [] : [filters]);
            Attributes attributes = With(
                ("group", (long)group),
                ("pads", Ints(1, 0, rng.Next(2), 1)),
                ("strides", Ints(1 + rng.Next(2), 1))
            );
            AgainstRuntime.Same("ConvInteger", attributes, 1, 0, x, w, xz, wz);
            Tensor? bias = rng.Next(2) == 0 ? Integers(rng, ElementType.Int32, filters) : null;
            AgainstRuntime.Same(
                "QLinearConv",
                attributes,
                1,
                0,
                x,
                Tensor.Scalar(0.1f),
                xz,
                w,
                Positive(rng, [.. wz.Shape.Dims]),
                wz,
                Tensor.Scalar(3.1f),
                Integers(rng, ElementType.UInt8),
                bias
            );
        }
    }

    [TorchFact]
    public void BatchNormalizationInTrainingMode()
    {
        var rng = new Rng(6);
        foreach (int[] dims in new int[][] { [4, 3], [2, 3, 5], [2, 3, 2, 3] })
            AgainstRuntime.Same(
                "BatchNormalization",
                With(("training_mode", 1L), ("momentum", 0.7f)),
                3,
                1e-5,
                Random(rng, dims),
                Random(rng, 3),
                Random(rng, 3),
                Random(rng, 3),
                Positive(rng, 3)
            );
    }

    private static Tensor Integers(Rng rng, ElementType type, params int[] dims)
    {
        var (least, greatest) = type is ElementType.Int32 ? (-1000, 1000) : type.IntegerRange();
        float[] values = Array.ConvertAll(Random(rng, dims).Array<float>(), v =>
            least + (v + 1) / 2 * (greatest - least)
        );
        return Run("Cast", With(("to", (long)type)), Tensor.Of(new Shape(dims), values));
    }

    private static Tensor Positive(Rng rng, params int[] dims) => Run("Abs", With(), Times(Random(rng, dims), 0.7f));

    private static Tensor Times(Tensor x, float factor) =>
        Tensor.Of(x.Shape, Array.ConvertAll(x.Array<float>(), v => v * factor));
}
