using System.Runtime.Intrinsics;

namespace Decant.Runtime.Products;

/// <summary>
/// c += a·B for one row a: what <see cref="MatrixProduct"/> computes, without the rows that a tile would waste. The
/// bits are the same.
/// </summary>
internal static unsafe class VectorMatrixProduct
{
    private const int Panels = 4;

    /// <summary>Adds a product.</summary>
    /// <param name="a">The row; its length is the depth.</param>
    /// <param name="b">The right factor, packed by <see cref="PackedRight"/>.</param>
    /// <param name="c">The result's row; its length is the number of columns.</param>
    public static void Accumulate(ReadOnlySpan<float> a, float[] b, Span<float> c)
    {
        if (PackedRight.Length(a.Length, c.Length) > b.Length)
            throw new ArgumentException("a matrix product reaches outside its arrays");
        Span<float> edge = stackalloc float[Panels * Tile.Columns];
        fixed (
            float* left = a,
                right = b
        )
            for (int column = 0; column < c.Length; column += Panels * Tile.Columns)
            {
                Span<float> to = c.Slice(column, Math.Min(Panels * Tile.Columns, c.Length - column)),
                    whole = to.Length == edge.Length ? to : edge;
                if (to.Length < edge.Length)
                    to.CopyTo(edge);
                fixed (float* result = whole)
                    Block(
                        left,
                        a.Length,
                        right + (nint)column * a.Length,
                        (to.Length + Tile.Columns - 1) / Tile.Columns,
                        result
                    );
                if (to.Length < edge.Length)
                    edge[..to.Length].CopyTo(to);
            }
    }

    private static void Block(float* a, int depth, float* b, int panels, float* c)
    {
        if (panels == Panels)
        {
            Four(a, depth, b, c);
            return;
        }
        for (int panel = 0; panel < panels; panel++, b += (nint)depth * Tile.Columns, c += Tile.Columns)
        {
            Vector256<float> low = Vector256.Load(c),
                high = Vector256.Load(c + 8);
            for (int k = 0; k < depth; k++)
            {
                Vector256<float> x = Vector256.Create(a[k]);
                float* row = b + (nint)k * Tile.Columns;
                (low, high) = (
                    Vector256.FusedMultiplyAdd(x, Vector256.Load(row), low),
                    Vector256.FusedMultiplyAdd(x, Vector256.Load(row + 8), high)
                );
            }
            low.Store(c);
            high.Store(c + 8);
        }
    }

    /// <summary>Four panels side by side, so that eight sums run while each waits for its last addition.</summary>
    private static void Four(float* a, int depth, float* b, float* c)
    {
        float* b1 = b + (nint)depth * Tile.Columns,
            b2 = b1 + (nint)depth * Tile.Columns,
            b3 = b2 + (nint)depth * Tile.Columns;
        Vector256<float> s0 = Vector256.Load(c),
            s1 = Vector256.Load(c + 8),
            s2 = Vector256.Load(c + 16),
            s3 = Vector256.Load(c + 24);
        Vector256<float> s4 = Vector256.Load(c + 32),
            s5 = Vector256.Load(c + 40),
            s6 = Vector256.Load(c + 48),
            s7 = Vector256.Load(c + 56);
        for (nint k = 0; k < (nint)depth * Tile.Columns; k += Tile.Columns)
        {
            Vector256<float> x = Vector256.Create(*a++);
            (s0, s1) = (
                Vector256.FusedMultiplyAdd(x, Vector256.Load(b + k), s0),
                Vector256.FusedMultiplyAdd(x, Vector256.Load(b + k + 8), s1)
            );
            (s2, s3) = (
                Vector256.FusedMultiplyAdd(x, Vector256.Load(b1 + k), s2),
                Vector256.FusedMultiplyAdd(x, Vector256.Load(b1 + k + 8), s3)
            );
            (s4, s5) = (
                Vector256.FusedMultiplyAdd(x, Vector256.Load(b2 + k), s4),
                Vector256.FusedMultiplyAdd(x, Vector256.Load(b2 + k + 8), s5)
            );
            (s6, s7) = (
                Vector256.FusedMultiplyAdd(x, Vector256.Load(b3 + k), s6),
                Vector256.FusedMultiplyAdd(x, Vector256.Load(b3 + k + 8), s7)
            );
        }
        (
            *(Vector256<float>*)c,
            *(Vector256<float>*)(c + 8),
            *(Vector256<float>*)(c + 16),
            *(Vector256<float>*)(c + 24)
        ) = (s0, s1, s2, s3);
        (
            *(Vector256<float>*)(c + 32),
            *(Vector256<float>*)(c + 40),
            *(Vector256<float>*)(c + 48),
            *(Vector256<float>*)(c + 56)
        ) = (s4, s5, s6, s7);
    }
}
