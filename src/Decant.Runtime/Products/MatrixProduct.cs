namespace Decant.Runtime.Products;

/// <summary>
/// C += A·B in single precision, blocked for the caches. Each result is one chain of fused multiply-adds in order of depth, so that
/// the bits are those of <see cref="ScalarProduct"/> whatever the blocking, the threads and the vector width.
/// </summary>
internal static unsafe class MatrixProduct
{
    private const int DepthBlock = 256;

    /// <summary>Adds the product of some row panels of A with all of B.</summary>
    /// <param name="a">The left factor.</param>
    /// <param name="panels">Which row panels of it.</param>
    /// <param name="b">The right factor, packed, of <paramref name="a"/>'s depth.</param>
    /// <param name="columns">How many columns <paramref name="b"/> has.</param>
    /// <param name="c">The result's array.</param>
    /// <param name="offset">Where row 0 of the result begins in it.</param>
    /// <param name="stride">The distance of the result's rows.</param>
    public static void Accumulate(PackedLeft a, Range panels, float[] b, int columns, float[] c, int offset, int stride)
    {
        var (first, count) = panels.GetOffsetAndLength(a.Panels);
        if (count == 0 || columns == 0) return;
        Check(a, first + count, b, columns, c, offset, stride);
        fixed (float* left = a.Data, right = b, result = c)
            for (int k = 0; k < a.Depth; k += DepthBlock)
                Block(a, first, first + count, left, right, k, columns, result + offset, stride);
    }

    private static void Block(PackedLeft a, int first, int end, float* left, float* right, int k, int columns, float* c, int stride)
    {
        int depth = Math.Min(DepthBlock, a.Depth - k);
        for (int j = 0; j < columns; j += Tile.Columns)
        {
            float* b = right + ((nint)j * a.Depth + (nint)k * Tile.Columns);
            int width = Math.Min(Tile.Columns, columns - j);
            for (int panel = first; panel < end; panel++)
            {
                int row = panel * Tile.Rows, height = Math.Min(Tile.Rows, a.Rows - row);
                float* x = left + ((nint)row * a.Depth + (nint)k * Tile.Rows), to = c + ((nint)row * stride + j);
                if (height == Tile.Rows && width == Tile.Columns) Tile.Accumulate(x, b, depth, to, stride);
                else Tile.AccumulateEdge(x, b, depth, to, stride, height, width);
            }
        }
    }

    /// <summary>What follows runs on bare pointers.</summary>
    private static void Check(PackedLeft a, int endPanel, float[] b, int columns, float[] c, int offset, int stride)
    {
        long last = offset + (Math.Min(a.Rows, (long)endPanel * Tile.Rows) - 1) * stride + columns;
        if (offset < 0 || stride < 0 || last > c.Length || PackedRight.Length(a.Depth, columns) > b.Length)
            throw new ArgumentException("a matrix product reaches outside its arrays");
    }
}
