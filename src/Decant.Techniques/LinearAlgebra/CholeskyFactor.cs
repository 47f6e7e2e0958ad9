using Decant.Core;

namespace Decant.Techniques.LinearAlgebra;

/// <summary>The lower triangle L of a symmetric positive definite matrix, A = L·Lᵀ, which solves by A.</summary>
internal sealed class CholeskyFactor
{
    private const int Panel = 48;

    private readonly double[] lower;

    private CholeskyFactor(double[] lower, int size) => (this.lower, Size) = (lower, size);

    /// <summary>Rows and columns.</summary>
    public int Size { get; }

    /// <summary>Factors some rows and the same columns of a matrix.</summary>
    /// <param name="matrix">The matrix, row-major.</param>
    /// <param name="extent">Its rows and columns.</param>
    /// <param name="kept">Which, rising.</param>
    /// <param name="workers">Who computes.</param>
    /// <exception cref="ModelException">It is not positive definite.</exception>
    public static CholeskyFactor Of(double[] matrix, int extent, ReadOnlySpan<int> kept, Workers workers)
    {
        int size = kept.Length;
        var lower = new double[size * size];
        for (int i = 0; i < size; i++)
        for (int j = 0; j <= i; j++)
            lower[i * size + j] = matrix[kept[i] * extent + kept[j]];
        for (int from = 0; from < size; from += Panel)
        {
            int to = Math.Min(from + Panel, size);
            for (int i = from; i < to; i++)
                Eliminate(lower, size, i, from, i + 1);
            workers.For(to, size, i => Eliminate(lower, size, i, from, to));
        }
        return new CholeskyFactor(lower, size);
    }

    /// <summary>Solves A·x = b in place.</summary>
    public void Solve(Span<double> b)
    {
        for (int i = 0; i < Size; i++)
            b[i] = (b[i] - DotProducts.Of(Row(i, 0, i), b[..i])) / lower[i * Size + i];
        for (int i = Size - 1; i >= 0; i--)
        {
            b[i] /= lower[i * Size + i];
            for (int j = 0; j < i; j++)
                b[j] -= lower[i * Size + j] * b[i];
        }
    }

    /// <summary>The diagonal of A⁻¹: of each column of L⁻¹ the sum of squares.</summary>
    public double[] InverseDiagonal(Workers workers)
    {
        var diagonal = new double[Size];
        workers.For(0, Size, q => diagonal[q] = InverseEntry(q));
        return diagonal;
    }

    private double InverseEntry(int q)
    {
        var column = new double[Size];
        column[q] = 1 / lower[q * Size + q];
        double squares = column[q] * column[q];
        for (int i = q + 1; i < Size; i++)
        {
            column[i] = -DotProducts.Of(Row(i, q, i), column.AsSpan(q, i - q)) / lower[i * Size + i];
            squares += column[i] * column[i];
        }
        return squares;
    }

    private ReadOnlySpan<double> Row(int i, int from, int to) => lower.AsSpan(i * Size + from, to - from);

    private static void Eliminate(double[] lower, int size, int i, int from, int to)
    {
        for (int j = from; j < to; j++)
        {
            double rest = lower[i * size + j] - DotProducts.Of(lower.AsSpan(i * size, j), lower.AsSpan(j * size, j));
            if (i != j)
                lower[i * size + j] = rest / lower[j * size + j];
            else if (rest > 0)
                lower[i * size + i] = Math.Sqrt(rest);
            else
                throw new ModelException(
                    "the second moments of a layer's inputs are not positive definite: raise 'damping', or look at "
                        + "other examples"
                );
        }
    }
}
