using Decant.Core;
using Decant.Runtime;
using Decant.Runtime.Products;
using Xunit;

namespace Decant.Tests.Runtime;

public sealed class ProductTests
{
    [Fact]
    public void TheBlockedProductEqualsTheScalarOneToTheBitAtEveryTail()
    {
        var rng = new Rng(1);
        foreach (int rows in Enumerable.Range(1, 13))
        foreach (int columns in Enumerable.Range(1, 33))
        foreach (int depth in new[] { 0, 1, 2, 7 })
            Compare(rng, rows, depth, columns, false, false);
    }

    [Theory]
    [InlineData(7, 255, 17)]
    [InlineData(6, 256, 16)]
    [InlineData(13, 257, 129)]
    [InlineData(5, 600, 300)]
    public void SoItDoesAcrossDepthBlocksAndStrips(int rows, int depth, int columns)
    {
        var rng = new Rng(2);
        foreach (bool left in new[] { false, true })
        foreach (bool right in new[] { false, true })
            Compare(rng, rows, depth, columns, left, right);
    }

    [Fact]
    public void NothingOutsideTheResultIsWritten()
    {
        float[] c = new float[200];
        Array.Fill(c, 7);
        var a = new PackedLeft(MatrixView.RowMajor([1, 1, 1], 0, 3, 1), default);
        float[] b = new float[16];
        PackedRight.Pack(MatrixView.RowMajor([1, 2], 0, 1, 2), b);
        MatrixProduct.Accumulate(a, .., b, 2, c, 10, 50, default);
        for (int i = 0; i < c.Length; i++)
            Assert.Equal(
                i is 10 or 60 or 110 ? 8
                    : i is 11 or 61 or 111 ? 9
                    : 7,
                c[i]
            );
    }

    [Fact]
    public void AResultThatIsTooShortIsRefused() =>
        Assert.Throws<ArgumentException>(() =>
            MatrixProduct.Accumulate(
                new PackedLeft(MatrixView.RowMajor(new float[4], 0, 4, 1), default),
                ..,
                new float[16],
                16,
                new float[63],
                0,
                16,
                default
            )
        );

    private static void Compare(Rng rng, int rows, int depth, int columns, bool transposeLeft, bool transposeRight)
    {
        float[] a = OneNode.Random(rng, rows, depth).Array<float>(),
            b = OneNode.Random(rng, depth, columns).Array<float>();
        float[] expected = OneNode.Random(rng, rows, columns).Array<float>(),
            actual = (float[])expected.Clone();
        var left = transposeLeft
            ? MatrixView.RowMajor(a, 0, depth, rows).Transposed
            : MatrixView.RowMajor(a, 0, rows, depth);
        var right = transposeRight
            ? MatrixView.RowMajor(b, 0, columns, depth).Transposed
            : MatrixView.RowMajor(b, 0, depth, columns);
        ScalarProduct.Accumulate<float>(
            a,
            b,
            expected,
            (rows, depth, columns),
            (left.RowStride, left.ColumnStride),
            (right.RowStride, right.ColumnStride),
            default
        );
        DenseProduct.Accumulate(left, right, actual, 0, new Threads(3, default));
        Assert.Equal(expected, actual);
    }
}
