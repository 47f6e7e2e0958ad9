using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Decant.Techniques.LinearAlgebra;

/// <summary>
/// Dot products of matrix rows in double precision. Each is summed in one order, so that results depend neither on
/// threads nor on the processor.
/// </summary>
internal static class DotProducts
{
    private const int Rows = 4,
        Columns = 3,
        Pieces = 16;

    private static readonly int Lanes = Vector256<double>.Count;

    /// <summary>C ← C + Σ A·Bᵀ over matrices A and B that lie one after the other, in their order.</summary>
    /// <param name="a">Every A, each <paramref name="size"/> rows of <paramref name="length"/>, row-major.</param>
    /// <param name="b">Every B, as many of the same extents.</param>
    /// <param name="size">Rows.</param>
    /// <param name="length">Columns, a multiple of 4.</param>
    /// <param name="c">C, square, row-major.</param>
    /// <param name="workers">Who computes.</param>
    public static void Add(
        ReadOnlyMemory<double> a,
        ReadOnlyMemory<double> b,
        int size,
        int length,
        double[] c,
        Workers workers
    )
    {
        int matrix = size * length;
        void AddAt(int at, int i) =>
            AddTiles(a.Span.Slice(at, matrix), b.Span.Slice(at, matrix), size, length, c, i, size);
        Each(a.Length, matrix, size, AddAt, workers);
    }

    /// <summary>C ← C + Σ A·Aᵀ, on and below the diagonal.</summary>
    /// <param name="a">Every A, each <paramref name="size"/> rows of <paramref name="length"/>, row-major.</param>
    /// <param name="size">Rows.</param>
    /// <param name="length">Columns, a multiple of 4.</param>
    /// <param name="c">C, square, row-major; what lies above the diagonal is of no meaning afterwards.</param>
    /// <param name="workers">Who computes.</param>
    public static void AddLower(ReadOnlyMemory<double> a, int size, int length, double[] c, Workers workers)
    {
        int matrix = size * length;
        void AddAt(int at, int i)
        {
            ReadOnlySpan<double> rows = a.Span.Slice(at, matrix);
            AddTiles(rows, rows, size, length, c, i, Math.Min(size, i + Rows));
        }
        Each(a.Length, matrix, size, AddAt, workers);
    }

    /// <summary>Σ a·b.</summary>
    public static double Of(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ref double x = ref MemoryMarshal.GetReference(a),
            y = ref MemoryMarshal.GetReference(b);
        Vector256<double> even = default,
            odd = default;
        int i = 0;
        for (; i <= a.Length - 2 * Lanes; i += 2 * Lanes)
        {
            even = Vector256.FusedMultiplyAdd(Load(ref x, i), Load(ref y, i), even);
            odd = Vector256.FusedMultiplyAdd(Load(ref x, i + Lanes), Load(ref y, i + Lanes), odd);
        }
        double sum = Vector256.Sum(even + odd);
        for (; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    /// <summary>
    /// Matrix after matrix while it is in the cache; every thread takes tiles of rows that lie far apart, since those
    /// of a triangle are of different lengths.
    /// </summary>
    private static void Each(int elements, int matrix, int size, Action<int, int> rows, Workers workers)
    {
        int tiles = (size + Rows - 1) / Rows,
            pieces = Math.Min(Pieces, tiles);
        workers.For(0, pieces, piece =>
        {
            for (int at = 0; at < elements; at += matrix)
            for (int tile = piece; tile < tiles; tile += pieces)
                rows(at, tile * Rows);
        });
    }

    private static void AddTiles(
        ReadOnlySpan<double> a,
        ReadOnlySpan<double> b,
        int size,
        int length,
        double[] c,
        int i,
        int end
    )
    {
        Span<double> tile = stackalloc double[Rows * Columns];
        for (int j = 0; j < end; j += Columns)
        {
            Tile(a, b, size, length, i, j, tile);
            for (int r = 0; r < Math.Min(Rows, size - i); r++)
            for (int k = 0; k < Math.Min(Columns, size - j); k++)
                c[(i + r) * size + j + k] += tile[r * Columns + k];
        }
    }

    /// <summary>Four rows of A by three of B; rows past the end are the last one again.</summary>
    private static void Tile(
        ReadOnlySpan<double> a,
        ReadOnlySpan<double> b,
        int size,
        int length,
        int i,
        int j,
        Span<double> sums
    )
    {
        ref double a0 = ref Row(a, i, size, length),
            a1 = ref Row(a, i + 1, size, length),
            a2 = ref Row(a, i + 2, size, length),
            a3 = ref Row(a, i + 3, size, length),
            b0 = ref Row(b, j, size, length),
            b1 = ref Row(b, j + 1, size, length),
            b2 = ref Row(b, j + 2, size, length);
        Vector256<double> s00 = default,
            s01 = default,
            s02 = default,
            s10 = default,
            s11 = default,
            s12 = default,
            s20 = default,
            s21 = default,
            s22 = default,
            s30 = default,
            s31 = default,
            s32 = default;
        for (int k = 0; k < length; k += Vector256<double>.Count)
        {
            Vector256<double> y0 = Load(ref b0, k),
                y1 = Load(ref b1, k),
                y2 = Load(ref b2, k);
            Vector256<double> x = Load(ref a0, k);
            (s00, s01, s02) = (Add(x, y0, s00), Add(x, y1, s01), Add(x, y2, s02));
            x = Load(ref a1, k);
            (s10, s11, s12) = (Add(x, y0, s10), Add(x, y1, s11), Add(x, y2, s12));
            x = Load(ref a2, k);
            (s20, s21, s22) = (Add(x, y0, s20), Add(x, y1, s21), Add(x, y2, s22));
            x = Load(ref a3, k);
            (s30, s31, s32) = (Add(x, y0, s30), Add(x, y1, s31), Add(x, y2, s32));
        }
        (sums[0], sums[1], sums[2]) = (Vector256.Sum(s00), Vector256.Sum(s01), Vector256.Sum(s02));
        (sums[3], sums[4], sums[5]) = (Vector256.Sum(s10), Vector256.Sum(s11), Vector256.Sum(s12));
        (sums[6], sums[7], sums[8]) = (Vector256.Sum(s20), Vector256.Sum(s21), Vector256.Sum(s22));
        (sums[9], sums[10], sums[11]) = (Vector256.Sum(s30), Vector256.Sum(s31), Vector256.Sum(s32));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Add(Vector256<double> x, Vector256<double> y, Vector256<double> sum) =>
        Vector256.FusedMultiplyAdd(x, y, sum);

    private static ref double Row(ReadOnlySpan<double> matrix, int row, int size, int length) =>
        ref MemoryMarshal.GetReference(matrix.Slice(Math.Min(row, size - 1) * length, length));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Load(ref double from, int at) => Vector256.LoadUnsafe(ref from, (nuint)at);
}
