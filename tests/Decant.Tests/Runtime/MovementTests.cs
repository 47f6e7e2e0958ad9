using Decant.Core;
using Xunit;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Runtime;

/// <summary>The operators that only move elements: every element type goes through the same code by its size.</summary>
public sealed class MovementTests
{
    [Fact]
    public void TransposeMovesEveryElementWhereItSays()
    {
        var rng = new Rng(13);
        for (int trial = 0; trial < 80; trial++)
        {
            int rank = rng.Next(5);
            int[] dims = [.. Enumerable.Range(0, rank).Select(_ => rng.Next(8) == 0 ? 0 : 1 + rng.Next(4))],
                perm = [.. Enumerable.Range(0, rank)];
            rng.Shuffle<int>(perm);
            Tensor x = Numbered(dims);
            Tensor y = Run("Transpose", rank == 0 ? With() : With(("perm", Ints(perm))), x);
            Assert.Equal(new Shape([.. perm.Select(p => dims[p])]), y.Shape);
            Assert.Equal(
                Coordinates([.. y.Shape.Dims])
                    .Select(o =>
                    {
                        int[] at = new int[rank];
                        for (int i = 0; i < rank; i++)
                            at[perm[i]] = o[i];
                        return Index(dims, at);
                    }),
                y.Array<int>()
            );
        }
        Assert.Equal([0, 3, 1, 4, 2, 5], Run("Transpose", With(), Numbered(2, 3)).Array<int>());
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
                ElementType.UInt32,
                ElementType.Float64,
                ElementType.Int4,
            }
        )
        {
            Tensor x = Tensor.Zeros(type, new Shape(2, 3));
            for (int i = 0; i < x.Bytes().Length; i++)
                x.Bytes()[i] = (byte)(i + 1);
            int n = type.Size();
            byte[] Pick(params int[] elements) =>
                [.. elements.SelectMany(e => Enumerable.Range(0, n).Select(b => (byte)(e < 0 ? 0 : e * n + b + 1)))];
            Assert.Equal(Pick(0, 3, 1, 4, 2, 5), Run("Transpose", With(), x).Bytes().ToArray());
            Assert.Equal(
                Pick(1, 4),
                Run("Slice", With(), x, Tensor.Vector(1L), Tensor.Vector(2L), Tensor.Vector(1L)).Bytes().ToArray()
            );
            Assert.Equal(
                Pick(0, 1, 2, -1, 3, 4, 5, -1),
                Run("Pad", With(), x, Tensor.Vector(0L, 0, 0, 1)).Bytes().ToArray()
            );
            Assert.Equal(
                Pick(0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5),
                Run("Concat", With(("axis", 1L)), x, x).Bytes().ToArray()
            );
            Assert.Equal(x.Bytes().ToArray(), Run("Reshape", With(), x, Tensor.Vector(3L, -1)).Bytes().ToArray());
            Assert.Equal(x.Bytes().ToArray(), Run("Flatten", With(("axis", 0L)), x).Bytes().ToArray());
        }
    }

    [Fact]
    public void RandomSlicesEqualSteppingByHand()
    {
        var rng = new Rng(14);
        for (int trial = 0; trial < 400; trial++)
        {
            int n = rng.Next(7);
            long start = rng.Next(20) - 10,
                end = rng.Next(20) - 10,
                step = rng.Next(2) == 0 ? 1 + rng.Next(3) : -1 - rng.Next(3);
            if (trial % 10 == 0)
                end = step > 0 ? long.MaxValue : long.MinValue;
            Tensor x = Numbered(2, n);
            Tensor y = Run(
                "Slice",
                With(),
                x,
                Tensor.Vector(start),
                Tensor.Vector(end),
                Tensor.Vector(-1L),
                Tensor.Vector(step)
            );
            int[] taken = [.. Words(n, start, end, step)];
            Assert.Equal(taken.Concat(taken.Select(i => i + n)), y.Array<int>());
        }
    }

    [Theory]
    [InlineData("constant", 2, 1, new[] { 9, 9, 0, 1, 2, 9 })]
    [InlineData("constant", -1, 2, new[] { 1, 2, 9, 9 })]
    [InlineData("constant", 0, -2, new[] { 0 })]
    [InlineData("constant", -4, 3, new[] { 9, 9 })]
    [InlineData("reflect", 2, 1, new[] { 2, 1, 0, 1, 2, 1 })]
    [InlineData("reflect", 5, 5, new[] { 1, 0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2, 1 })]
    [InlineData("reflect", -1, 1, new[] { 1, 2, 1 })]
    [InlineData("edge", 2, 1, new[] { 0, 0, 0, 1, 2, 2 })]
    [InlineData("edge", 1, -1, new[] { 0, 0, 1 })]
    [InlineData("wrap", 4, 2, new[] { 2, 0, 1, 2, 0, 1, 2, 0, 1 })]
    public void PadModes(string mode, long before, long after, int[] expected)
    {
        Tensor value = Tensor.Scalar(9);
        Assert.Equal(
            expected,
            Run("Pad", With(("mode", mode)), Numbered(3), Tensor.Vector(before, after), value).Array<int>()
        );
        int[] twice = Run(
                "Pad",
                With(("mode", mode)),
                Numbered(3, 1),
                Tensor.Vector(before, after),
                value,
                Tensor.Vector(-2L)
            )
            .Array<int>();
        Assert.Equal(expected, twice);
    }

    [Fact]
    public void PadRefusesWhatItCannotDo()
    {
        Assert.Contains(
            "nothing to repeat",
            Assert
                .Throws<ModelException>(() => Run("Pad", With(("mode", "edge")), Numbered(0), Tensor.Vector(1L, 1)))
                .Message
        );
        Assert.Contains(
            "possible are constant",
            Assert
                .Throws<ModelException>(() => Run("Pad", With(("mode", "mirror")), Numbered(2), Tensor.Vector(1L, 1)))
                .Message
        );
        Assert.Contains(
            "input 0 holds Int32 and input 2 Float32",
            Assert
                .Throws<ModelException>(() => Run("Pad", With(), Numbered(2), Tensor.Vector(1L, 1), Tensor.Scalar(1f)))
                .Message
        );
    }

    [Fact]
    public void ConcatAlongEveryAxis()
    {
        var rng = new Rng(15);
        for (int axis = -3; axis < 3; axis++)
        {
            int a = (axis + 3) % 3;
            int[][] dims =
            [
                .. Enumerable
                    .Range(0, 3)
                    .Select(_ =>
                    {
                        int[] d = [2, 3, 4];
                        d[a] = rng.Next(4);
                        return d;
                    }),
            ];
            Tensor[] parts = [.. dims.Select(d => Random(rng, d))];
            Tensor y = Run("Concat", With(("axis", (long)axis)), parts);
            Assert.Equal(
                Coordinates([.. y.Shape.Dims])
                    .Select(o =>
                    {
                        int part = 0;
                        int[] at = (int[])o.Clone();
                        for (; at[a] >= dims[part][a]; part++)
                            at[a] -= dims[part][a];
                        return parts[part].Span<float>()[Index(dims[part], at)];
                    }),
                y.Array<float>()
            );
        }
    }

    private static Tensor Numbered(params int[] dims) =>
        Tensor.Of(new Shape(dims), Enumerable.Range(0, (int)new Shape(dims).Count).ToArray());

    /// <summary>
    /// What the standard's words take: as Python's x[start:end:step], but a start before the first element is moved to
    /// it also going backwards.
    /// </summary>
    private static IEnumerable<int> Words(int n, long start, long end, long step)
    {
        if (start < 0)
            start += n;
        if (end < 0 && end != long.MinValue)
            end += n;
        start = Math.Max(0, step > 0 ? start : Math.Min(n - 1, start));
        end = step > 0 ? Math.Min(n, end) : Math.Max(-1, end);
        for (long i = start; step > 0 ? i < end : i > end; i += step)
            if (i >= 0 && i < n)
                yield return (int)i;
    }
}
