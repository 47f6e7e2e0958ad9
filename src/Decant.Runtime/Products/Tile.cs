using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Decant.Runtime.Products;

/// <summary>The innermost product: a tile of 6×16 results held in registers while both panels stream by.</summary>
internal static unsafe class Tile
{
    /// <summary>Rows of a tile, and of a left panel.</summary>
    public const int Rows = 6;

    /// <summary>Columns of a tile, and of a right panel.</summary>
    public const int Columns = 16;

    /// <summary>
    /// Adds <paramref name="depth"/> fused multiply-adds, in order of depth, to each of 6×16 results.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Accumulate(float* a, float* b, int depth, float* c, nint stride)
    {
        float* c1 = c + stride,
            c2 = c1 + stride,
            c3 = c2 + stride,
            c4 = c3 + stride,
            c5 = c4 + stride;
        Vector256<float> s00 = Vector256.Load(c),
            s01 = Vector256.Load(c + 8),
            s10 = Vector256.Load(c1),
            s11 = Vector256.Load(c1 + 8);
        Vector256<float> s20 = Vector256.Load(c2),
            s21 = Vector256.Load(c2 + 8),
            s30 = Vector256.Load(c3),
            s31 = Vector256.Load(c3 + 8);
        Vector256<float> s40 = Vector256.Load(c4),
            s41 = Vector256.Load(c4 + 8),
            s50 = Vector256.Load(c5),
            s51 = Vector256.Load(c5 + 8);
        for (float* end = a + (nint)depth * Rows; a != end; a += Rows, b += Columns)
        {
            Vector256<float> b0 = Vector256.Load(b),
                b1 = Vector256.Load(b + 8),
                x = Vector256.Create(a[0]);
            (s00, s01) = (Vector256.FusedMultiplyAdd(x, b0, s00), Vector256.FusedMultiplyAdd(x, b1, s01));
            x = Vector256.Create(a[1]);
            (s10, s11) = (Vector256.FusedMultiplyAdd(x, b0, s10), Vector256.FusedMultiplyAdd(x, b1, s11));
            x = Vector256.Create(a[2]);
            (s20, s21) = (Vector256.FusedMultiplyAdd(x, b0, s20), Vector256.FusedMultiplyAdd(x, b1, s21));
            x = Vector256.Create(a[3]);
            (s30, s31) = (Vector256.FusedMultiplyAdd(x, b0, s30), Vector256.FusedMultiplyAdd(x, b1, s31));
            x = Vector256.Create(a[4]);
            (s40, s41) = (Vector256.FusedMultiplyAdd(x, b0, s40), Vector256.FusedMultiplyAdd(x, b1, s41));
            x = Vector256.Create(a[5]);
            (s50, s51) = (Vector256.FusedMultiplyAdd(x, b0, s50), Vector256.FusedMultiplyAdd(x, b1, s51));
        }
        (*(Vector256<float>*)c, *(Vector256<float>*)(c + 8)) = (s00, s01);
        (*(Vector256<float>*)c1, *(Vector256<float>*)(c1 + 8)) = (s10, s11);
        (*(Vector256<float>*)c2, *(Vector256<float>*)(c2 + 8)) = (s20, s21);
        (*(Vector256<float>*)c3, *(Vector256<float>*)(c3 + 8)) = (s30, s31);
        (*(Vector256<float>*)c4, *(Vector256<float>*)(c4 + 8)) = (s40, s41);
        (*(Vector256<float>*)c5, *(Vector256<float>*)(c5 + 8)) = (s50, s51);
    }

    /// <summary>The same for a tile of which only some rows and columns exist.</summary>
    public static void AccumulateEdge(float* a, float* b, int depth, float* c, nint stride, int rows, int columns)
    {
        float* whole = stackalloc float[Rows * Columns];
        for (int i = 0; i < rows; i++)
            new ReadOnlySpan<float>(c + i * stride, columns).CopyTo(new Span<float>(whole + i * Columns, columns));
        Accumulate(a, b, depth, whole, Columns);
        for (int i = 0; i < rows; i++)
            new ReadOnlySpan<float>(whole + i * Columns, columns).CopyTo(new Span<float>(c + i * stride, columns));
    }
}

/// <summary>
/// C += A·B, element by element on any numeric type: what <see cref="MatrixProduct"/> must equal, and the way for
/// other types.
/// </summary>
internal static class ScalarProduct
{
    /// <summary>Adds a product to a row-major result.</summary>
    /// <param name="a">The left factor from its first element on, with row and column strides.</param>
    /// <param name="b">The right factor, likewise.</param>
    /// <param name="c">The result, rows × columns.</param>
    /// <param name="size">Rows, depth and columns.</param>
    /// <param name="left">Row and column stride of <paramref name="a"/>.</param>
    /// <param name="right">Row and column stride of <paramref name="b"/>.</param>
    /// <param name="cancellation">Stops it between results.</param>
    public static void Accumulate<T>(
        ReadOnlySpan<T> a,
        ReadOnlySpan<T> b,
        Span<T> c,
        (int Rows, int Depth, int Columns) size,
        (int Row, int Column) left,
        (int Row, int Column) right,
        CancellationToken cancellation
    )
        where T : unmanaged, INumber<T>
    {
        for (int i = 0; i < size.Rows; i++)
        for (int j = 0; j < size.Columns; j++)
        {
            cancellation.ThrowIfCancellationRequested();
            T sum = c[i * size.Columns + j];
            for (int k = 0; k < size.Depth; k++)
                sum = MultiplyAdd(a[i * left.Row + k * left.Column], b[k * right.Row + j * right.Column], sum);
            c[i * size.Columns + j] = sum;
        }
    }

    /// <summary>x·y + z, rounded once on floats; integers wrap.</summary>
    public static T MultiplyAdd<T>(T x, T y, T z)
        where T : unmanaged, INumber<T>
    {
        if (typeof(T) == typeof(float))
            return (T)(object)MathF.FusedMultiplyAdd((float)(object)x, (float)(object)y, (float)(object)z);
        if (typeof(T) == typeof(double))
            return (T)(object)Math.FusedMultiplyAdd((double)(object)x, (double)(object)y, (double)(object)z);
        return unchecked(x * y + z);
    }
}
