using Decant.Runtime;
using Decant.Runtime.CompressedKernels;
using Decant.Runtime.CompressedKernels.Sparse;
using Decant.Runtime.Memory;
using Xunit;

namespace Decant.Tests.Runtime.CompressedKernels;

/// <summary>
/// A product by windows gives what sums in double precision give, at all tails, with rows and columns that are empty.
/// </summary>
public class WindowedProductTests
{
    [SkippableTheory]
    [InlineData(1, 1, 1.0, false)]
    [InlineData(16, 16, 0.5, true)]
    [InlineData(17, 33, 0.3, false)]
    [InlineData(300, 784, 0.02, true)]
    [InlineData(5, 250, 0.004, false)]
    [InlineData(40, 47, 0.0, true)]
    public unsafe void EveryOutputIsTheSumOfItsNumbers(int rows, int columns, double density, bool relu)
    {
        Skip.IfNot(WindowedProduct.IsSupported(VectorWidths.Best), "products by windows need AVX-512 here");
        var random = new Random(rows * 1000 + columns);
        float Number() => (float)(random.NextDouble() * 2 - 1);
        float[] matrix =
        [
            .. Enumerable.Range(0, rows * columns).Select(_ => random.NextDouble() < density ? Number() : 0f),
        ];
        float[] bias = [.. Enumerable.Range(0, rows).Select(_ => Number())];
        var product = new WindowedProduct(SparseRows.Of(matrix, rows, columns), new Epilogue(bias, relu));
        var (x, y) = (new Pinned<float>(columns + 16), new Pinned<float>(rows));
        foreach (ref float v in x.Span)
            v = Number();
        x.Span[columns..].Fill(float.NaN);
        product.Run(x.Address, y.Address, 0, product.Groups);
        for (int r = 0; r < rows; r++)
        {
            double sum = bias[r],
                size = Math.Abs(bias[r]);
            for (int c = 0; c < columns; c++)
            {
                double term = (double)matrix[r * columns + c] * x.Span[c];
                (sum, size) = (sum + term, size + Math.Abs(term));
            }
            Assert.InRange(y.Span[r] - (relu ? Math.Max(0, sum) : sum), -1e-6 * size, 1e-6 * size);
        }
    }
}
