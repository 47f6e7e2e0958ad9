using System.Numerics;

namespace Decant.Runtime.Products;

/// <summary>C += A·B, element by element on any numeric type: what <see cref="MatrixProduct"/> must equal, and the way for other types.</summary>
internal static class ScalarProduct
{
    /// <summary>Adds a product to a row-major result.</summary>
    /// <param name="a">The left factor from its first element on, with row and column strides.</param>
    /// <param name="b">The right factor, likewise.</param>
    /// <param name="c">The result, rows × columns.</param>
    /// <param name="size">Rows, depth and columns.</param>
    /// <param name="left">Row and column stride of <paramref name="a"/>.</param>
    /// <param name="right">Row and column stride of <paramref name="b"/>.</param>
    public static void Accumulate<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c,
        (int Rows, int Depth, int Columns) size, (int Row, int Column) left, (int Row, int Column) right) where T : unmanaged, INumber<T>
    {
        for (int i = 0; i < size.Rows; i++)
            for (int j = 0; j < size.Columns; j++)
            {
                T sum = c[i * size.Columns + j];
                for (int k = 0; k < size.Depth; k++)
                    sum = MultiplyAdd(a[i * left.Row + k * left.Column], b[k * right.Row + j * right.Column], sum);
                c[i * size.Columns + j] = sum;
            }
    }

    /// <summary>x·y + z, rounded once on floats; integers wrap.</summary>
    public static T MultiplyAdd<T>(T x, T y, T z) where T : unmanaged, INumber<T>
    {
        if (typeof(T) == typeof(float))
            return (T)(object)MathF.FusedMultiplyAdd((float)(object)x, (float)(object)y, (float)(object)z);
        if (typeof(T) == typeof(double))
            return (T)(object)Math.FusedMultiplyAdd((double)(object)x, (double)(object)y, (double)(object)z);
        return unchecked(x * y + z);
    }
}
