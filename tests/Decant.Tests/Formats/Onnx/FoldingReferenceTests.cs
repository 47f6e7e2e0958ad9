using Decant.Core;
using Decant.Formats.Onnx.Import.Folding;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Formats.Onnx;

/// <summary>Folding against definitions computed element by element.</summary>
public sealed class FoldingReferenceTests
{
    [Property(MaxTest = 200)]
    public bool Terms_compute_as_the_numbers_they_stand_for(long a, long b, short factor, byte operation, byte symbol)
    {
        int[] at = [symbol];
        Term x = Term.Affine(a, factor, 0),
            y = Term.Of(b == 0 ? 1 : b),
            z = Term.Affine(b, 3, 0);
        long xs = a + (long)factor * symbol,
            ys = b == 0 ? 1 : b,
            zs = b + 3L * symbol;
        return (operation % 5) switch
        {
            0 => (x + z).At(at) == xs + zs,
            1 => (x - z).At(at) == xs - zs,
            2 => (x * y).At(at) == xs * ys,
            3 => (x / y) is { IsUnknown: true } || (x / y).At(at) == xs / ys,
            _ => (-x).At(at) == -xs,
        };
    }

    [Property(MaxTest = 200)]
    public bool Slices_are_those_of_a_walk(byte length, sbyte start, sbyte end, sbyte step)
    {
        int n = length % 12;
        long stride =
            step == 0 ? 1
            : step % 5 == 0 ? -1
            : step % 5;
        long[] values = [.. Enumerable.Range(0, n).Select(i => (long)i * 10)];
        var expected = new List<long>();
        long first = start < 0 ? start + n : start,
            last = end < 0 ? end + n : end;
        first = stride > 0 ? Math.Clamp(first, 0, n) : Math.Clamp(first, -1, n - 1);
        last = stride > 0 ? Math.Clamp(last, 0, n) : Math.Clamp(last, -1, n - 1);
        // A start before the first element is taken as the first where the walk goes down, too (ONNX clamps it to 0).
        if (stride < 0 && first < 0 && n > 0)
            first = 0;
        for (long i = first; stride > 0 ? i < last : i > last; i += stride)
            expected.Add(values[i]);
        Network network = new OnnxModelBuilder()
            .Output("y", ElementType.Int64, "K")
            .Ints("v", values)
            .Ints("a", start)
            .Ints("b", end)
            .Ints("axes", 0)
            .Ints("d", stride)
            .Node("Slice", "v a b axes d", "y")
            .Read();
        return network.Weights["y"].Encoding.Decode().Array<long>().SequenceEqual(expected);
    }

    [Property(MaxTest = 100)]
    public bool Broadcast_sums_are_those_of_the_definition(byte mask, byte rows, byte columns)
    {
        int r = 1 + rows % 4,
            c = 1 + columns % 4;
        Shape a = new((mask & 1) == 0 ? r : 1, (mask & 2) == 0 ? c : 1),
            b = (mask & 4) == 0 ? new Shape(r, c) : new Shape(c);
        long[] x = [.. Enumerable.Range(0, (int)a.Count).Select(i => (long)i)],
            y = [.. Enumerable.Range(0, (int)b.Count).Select(i => 100L * i)];
        Network network = new OnnxModelBuilder()
            .Output("z", ElementType.Int64, "A", "B")
            .Weight("x", Tensor.Of(a, x))
            .Weight("y", Tensor.Of(b, y))
            .Node("Add", "x y", "z")
            .Read();
        Tensor sum = network.Weights["z"].Encoding.Decode();
        int height = sum.Shape[0],
            width = sum.Shape[1];
        for (int i = 0; i < height; i++)
        for (int j = 0; j < width; j++)
        {
            long left = x[(a[0] == 1 ? 0 : i) * a[1] + (a[1] == 1 ? 0 : j)],
                right = y[b.Rank == 1 ? j : i * c + j];
            if (sum.Span<long>()[i * width + j] != left + right)
                return false;
        }
        return height == ((mask & 4) == 0 ? r : a[0]) && width == c;
    }

    [Property(MaxTest = 100)]
    public bool Gather_takes_what_it_is_told(byte axis, byte seed)
    {
        var rng = new Rng(seed);
        int[] dims = [2, 3, 4];
        int along = axis % 3;
        long[] indices =
        [
            .. Enumerable.Range(0, 1 + rng.Next(4)).Select(_ => (long)rng.Next(2 * dims[along]) - dims[along]),
        ];
        Network network = new OnnxModelBuilder()
            .Output("y", ElementType.Int64, "A", "B", "C")
            .Weight("x", Tensor.Of(new Shape(dims), [.. Enumerable.Range(0, 24).Select(i => (long)i)]))
            .Ints("i", indices)
            .Node("Gather", "x i", "y", ("axis", (long)along - (axis % 2 == 0 ? 3 : 0)))
            .Read();
        Tensor y = network.Weights["y"].Encoding.Decode();
        int[] made = [.. y.Shape.Dims];
        for (int n = 0; n < y.Count; n++)
        {
            int[] at = [n / (made[1] * made[2]), n / made[2] % made[1], n % made[2]];
            at[along] = (int)(indices[at[along]] < 0 ? indices[at[along]] + dims[along] : indices[at[along]]);
            if (y.Span<long>()[n] != at[0] * 12 + at[1] * 4 + at[2])
                return false;
        }
        return made[along] == indices.Length;
    }

    [Fact]
    public void Transpose_of_three_axes()
    {
        Network network = new OnnxModelBuilder()
            .Output("y", ElementType.Int64, 4, 2, 3)
            .Weight("x", Tensor.Of(new Shape(2, 3, 4), [.. Enumerable.Range(0, 24).Select(i => (long)i)]))
            .Node("Transpose", "x", "y", ("perm", System.Collections.Immutable.ImmutableArray.Create(2L, 0, 1)))
            .Read();
        ReadOnlySpan<long> y = network.Weights["y"].Encoding.Decode().Span<long>();
        for (int k = 0, n = 0; k < 4; k++)
        for (int i = 0; i < 2; i++)
        for (int j = 0; j < 3; j++)
            Assert.Equal(i * 12 + j * 4 + k, y[n++]);
    }
}
