using Decant.Core;
using Xunit;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Runtime;

public sealed class MatrixTests
{
    [Fact]
    public void RandomGemmsEqualTheirDefinition()
    {
        var rng = new Rng(6);
        for (int trial = 0; trial < 90; trial++)
        {
            int m = 1 + rng.Next(20),
                k = 1 + rng.Next(40),
                n = 1 + rng.Next(40);
            bool ta = rng.Next(2) == 1,
                tb = rng.Next(2) == 1;
            Tensor a = ta ? Random(rng, k, m) : Random(rng, m, k),
                b = tb ? Random(rng, n, k) : Random(rng, k, n);
            Tensor? c = (trial % 6) switch
            {
                0 => null,
                1 => Random(rng, n),
                2 => Random(rng, m, 1),
                3 => Random(rng),
                4 => Random(rng, 1, n),
                _ => Random(rng, m, n),
            };
            float alpha = trial % 2 == 0 ? 1 : 0.5f,
                beta = trial % 3 == 0 ? 1 : -2;
            Attributes attributes = With(
                ("alpha", alpha),
                ("beta", beta),
                ("transA", ta ? 1L : 0L),
                ("transB", tb ? 1L : 0L)
            );
            float[] expected =
            [
                .. Coordinates([m, n])
                    .Select(o =>
                        (float)(
                            alpha
                                * Enumerable
                                    .Range(0, k)
                                    .Sum(i =>
                                        (double)a.Span<float>()[ta ? i * m + o[0] : o[0] * k + i]
                                        * b.Span<float>()[tb ? o[1] * k + i : i * n + o[1]]
                                    )
                            + beta * (c is null ? 0 : c.Span<float>()[C(c.Shape, o)])
                        )
                    ),
            ];
            Close(expected, Run("Gemm", attributes, a, b, c));
            double[] wide = Run("Gemm", attributes, Doubles(a), Doubles(b), c is null ? null : Doubles(c))
                .Array<double>();
            Close(expected, Tensor.Of(new Shape(m, n), Array.ConvertAll(wide, v => (float)v)));
        }
    }

    [Fact]
    public void IntegerGemm() =>
        Assert.Equal(
            [20 + 1, 44 + 1],
            Run(
                    "Gemm",
                    With(("transB", 1L)),
                    Tensor.Of(new Shape(1, 2), new[] { 2, 4 }),
                    Tensor.Of(new Shape(2, 2), new[] { 4, 3, 6, 8 }),
                    Tensor.Scalar(1)
                )
                .Array<int>()
        );

    [Fact]
    public void ACThatDoesNotBroadcastIsRefused()
    {
        var e = Assert.Throws<ModelException>(() =>
            Run("Gemm", With(), Random(new Rng(1), 2, 3), Random(new Rng(1), 3, 4), Random(new Rng(1), 2, 2, 4))
        );
        Assert.Contains("input 2 of shape 2×2×4 does not broadcast to 2×4", e.Message);
    }

    [Theory]
    [InlineData(new[] { 5 }, new[] { 5 })]
    [InlineData(new[] { 5 }, new[] { 5, 7 })]
    [InlineData(new[] { 3, 5 }, new[] { 5 })]
    [InlineData(new[] { 3, 5 }, new[] { 5, 7 })]
    [InlineData(new[] { 2, 3, 5 }, new[] { 5, 7 })]
    [InlineData(new[] { 3, 5 }, new[] { 2, 5, 7 })]
    [InlineData(new[] { 2, 1, 3, 5 }, new[] { 4, 5, 7 })]
    [InlineData(new[] { 4, 2, 3, 5 }, new[] { 5 })]
    [InlineData(new[] { 5 }, new[] { 2, 5, 3 })]
    [InlineData(new[] { 0, 5 }, new[] { 5, 3 })]
    [InlineData(new[] { 2, 0 }, new[] { 0, 3 })]
    [InlineData(new[] { 0, 2, 5 }, new[] { 1, 5, 3 })]
    public void MatMulEqualsItsDefinition(int[] left, int[] right)
    {
        var rng = new Rng(7);
        Tensor a = Random(rng, left),
            b = Random(rng, right);
        Shape x = left.Length == 1 ? new Shape(1, left[0]) : new Shape(left),
            y = right.Length == 1 ? new Shape(right[0], 1) : new Shape(right);
        int[] stack = [.. Shape.Broadcast(new Shape([.. x.Dims.SkipLast(2)]), new Shape([.. y.Dims.SkipLast(2)])).Dims];
        float[] expected =
        [
            .. Coordinates([.. stack, x[-2], y[-1]])
                .Select(o =>
                    Enumerable
                        .Range(0, x[-1])
                        .Sum(k => a.Span<float>()[At(x, o, o[^2], k)] * b.Span<float>()[At(y, o, k, o[^1])])
                ),
        ];
        Close(expected, Run("MatMul", With(), a, b));
        int[] whole = Run("MatMul", With(), Whole(a), Whole(b)).Array<int>();
        Assert.Equal(expected.Length, whole.Length);
        Assert.Equal(
            Coordinates([.. stack, x[-2], y[-1]])
                .Select(o =>
                    Enumerable
                        .Range(0, x[-1])
                        .Sum(k => Whole(a).Span<int>()[At(x, o, o[^2], k)] * Whole(b).Span<int>()[At(y, o, k, o[^1])])
                ),
            whole
        );
    }

    private static Tensor Whole(Tensor t) =>
        Tensor.Of(t.Shape, Array.ConvertAll(t.Array<float>(), v => (int)(v * 100)));

    private static int At(Shape s, int[] o, int row, int column)
    {
        int lead = o.Length - s.Rank;
        int[] at = [.. Enumerable.Range(0, s.Rank - 2).Select(i => s[i] == 1 ? 0 : o[lead + i]), row, column];
        return Index([.. s.Dims], at);
    }

    private static int C(Shape c, int[] o) =>
        Index([.. c.Dims], [.. Enumerable.Range(0, c.Rank).Select(i => c[i] == 1 ? 0 : o[2 - c.Rank + i])]);
}
