using System.Diagnostics;
using Decant.Core;
using Xunit;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Runtime;

/// <summary>Operators whose result's shape is in their inputs' numbers, which anyone may choose.</summary>
public sealed class DynamicShapeTests
{
    private static readonly Tensor X = Tensor.Of(new Shape(2, 3), new float[] { 1, 2, 3, 4, 5, 6 });

    [Fact]
    public void HostileNumbersAreRefusedAtOnce()
    {
        var clock = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (long n in new[] { -5, 1L << 31, long.MaxValue, long.MinValue, int.MaxValue })
        {
            Refused("Expand", X, Tensor.Vector(n, 2, 3));
            Refused("Tile", X, Tensor.Vector(n, 1));
            Refused("ConstantOfShape", Tensor.Vector(n, n));
            Refused("TopK", X, Tensor.Vector(n));
            Refused("Split", X, Tensor.Vector(n, 2 - n));
            Refused("Resize", X, null, null, Tensor.Vector(n, n));
            Refused("OneHot", Tensor.Zeros(ElementType.Int64, new Shape(50)), Tensor.Scalar(n), Tensor.Vector(0f, 1f));
            Refused("Gather", X, Tensor.Vector(n));
            Refused("GatherElements", X, Tensor.Of(new Shape(1, 1), new[] { n }));
            Refused("GatherND", X, Tensor.Of(new Shape(1, 1), new[] { n }));
            Refused("Unsqueeze", X, Tensor.Vector(n));
            Refused("Squeeze", X, Tensor.Vector(n));
        }
        Refused("Range", Tensor.Scalar(0L), Tensor.Scalar(long.MaxValue), Tensor.Scalar(1L));
        Refused("Range", Tensor.Scalar(0f), Tensor.Scalar(1f), Tensor.Scalar(0f));
        Refused("Range", Tensor.Scalar(0f), Tensor.Scalar(1e30f), Tensor.Scalar(1e-30f));
        foreach (float scale in new[] { 0, -1, float.NaN, float.PositiveInfinity, 1e30f })
            Refused("Resize", X, null, Tensor.Vector(scale, 1f));
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
    }

    [Fact]
    public void EveryElementSizeMoves()
    {
        foreach (
            ElementType type in new[]
            {
                ElementType.UInt8,
                ElementType.Bool,
                ElementType.Float16,
                ElementType.Int32,
                ElementType.UInt64,
                ElementType.Int4,
            }
        )
        {
            Tensor x = Decant.Tests.Formats.RandomTensor.Of(type, new Shape(2, 4, 2, 3), 4),
                index = Tensor.Vector(2L, -1, 0);
            Tensor same = Run("SpaceToDepth", With(("blocksize", 2L)), Run("DepthToSpace", With(("blocksize", 2L)), x));
            Assert.Equal(x.Bytes(), same.Bytes());
            Tensor gathered = Run("Gather", With(("axis", 1L)), x, index);
            Assert.Equal((type, new Shape(2, 3, 2, 3)), (gathered.Type, gathered.Shape));
            IReadOnlyList<Tensor> parts = RunAll("Split", With(("axis", 3L)), 2, 1, x, Tensor.Vector(1L, 2));
            Assert.Equal(x.Bytes(), Run("Concat", With(("axis", 3L)), parts[0], parts[1]).Bytes());
            Tensor tiled = Run("Tile", Attributes.None, x, Tensor.Vector(1L, 1, 2, 1));
            Assert.Equal(tiled.Bytes(), Run("Concat", With(("axis", 2L)), x, x).Bytes());
            Tensor wide = Run("Expand", Attributes.None, x.Reshape(new Shape(2, 4, 1, 6)), Tensor.Vector(2L, 4, 5, 6));
            Assert.Equal(
                x.Bytes(),
                Run("Slice", Attributes.None, wide, Tensor.Vector(3L), Tensor.Vector(4L), Tensor.Vector(2L)).Bytes()
            );
        }
    }

    [Fact]
    public void HalfPrecisionGoesThroughSingle()
    {
        var rng = new Rng(6);
        Tensor x = Random(rng, 2, 6, 4),
            scale = Random(rng, 6),
            offset = Random(rng, 6);
        foreach (
            var (type, attributes, inputs) in new (string, Attributes, Tensor[])[]
            {
                ("GroupNormalization", With(("num_groups", 3L)), [x, scale, offset]),
                ("LogSoftmax", With(), [x]),
                ("LRN", With(("size", 3L)), [x]),
                ("LayerNormalization", With(("axis", 1L)), [x, Random(rng, 6, 4)]),
                ("LSTM", With(), [x, Random(rng, 1, 8, 4), Random(rng, 1, 8, 2)]),
                ("ConvTranspose", With(), [x, Random(rng, 6, 2, 3)]),
                ("Resize", With(("mode", "cubic")), [x, Tensor.Vector<float>(), Tensor.Vector(1f, 1, 1.5f)]),
            }
        )
        {
            Tensor wide = Run(type, attributes, inputs),
                narrow = Run(
                    type,
                    attributes,
                    [.. inputs.Select(t => t.Shape.Rank == 1 && type == "Resize" ? t : Halves(t))]
                );
            Assert.Equal(ElementType.Float16, narrow.Type);
            Close(
                wide.Array<float>(),
                Tensor.Of(narrow.Shape, Array.ConvertAll(narrow.Array<Half>(), v => (float)v)),
                2e-2
            );
        }
        IReadOnlyList<Tensor> statistics = RunAll(
            "LayerNormalization",
            Attributes.None,
            3,
            1,
            Halves(x),
            Halves(Random(rng, 4))
        );
        Assert.Equal([ElementType.Float16, ElementType.Float32, ElementType.Float32], statistics.Select(t => t.Type));
    }

    [Fact]
    public void NaNIsTheGreatest()
    {
        Tensor x = Tensor.Vector(1, float.NaN, float.PositiveInfinity, -2);
        Assert.Equal([1L, 2], RunAll("TopK", Attributes.None, 2, 1, x, Tensor.Vector(2L))[1].Array<long>());
        Assert.Equal([3L, 0, 2, 1], RunAll("TopK", With(("largest", 0L)), 2, 1, x, Tensor.Vector(4L))[1].Array<long>());
        Assert.True(
            float.IsNaN(Run("GlobalMaxPool", Attributes.None, x.Reshape(new Shape(1, 1, 4))).Array<float>()[0])
        );
    }

    private static void Refused(string type, params Tensor?[] inputs) =>
        Assert.StartsWith($"node 'n' ({type})", Assert.Throws<ModelException>(() => Limited(type, inputs)).Message);

    private static void Limited(string type, Tensor?[] inputs)
    {
        using var executor = new Decant.Runtime.ReferenceExecutor(
            Of(type, type == "GatherND" ? With(("batch_dims", 0L)) : Attributes.None, 1, inputs),
            1
        )
        {
            MaxValueBytes = 1 << 24,
        };
        executor.Run([.. inputs.OfType<Tensor>()]);
    }
}
