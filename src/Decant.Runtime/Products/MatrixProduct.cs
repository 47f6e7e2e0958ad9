using System.Buffers;

namespace Decant.Runtime.Products;

/// <summary>
/// C += A·B in single precision, blocked for the caches. Each result is one chain of fused multiply-adds in order of
/// depth, so that the bits are those of <see cref="ScalarProduct"/> whatever the blocking, the threads and the vector
/// width.
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
    /// <param name="cancellation">Stops it between blocks.</param>
    public static void Accumulate(
        PackedLeft a,
        Range panels,
        float[] b,
        int columns,
        float[] c,
        int offset,
        int stride,
        CancellationToken cancellation
    )
    {
        var (first, count) = panels.GetOffsetAndLength(a.Panels);
        if (count == 0 || columns == 0)
            return;
        Check(a, first + count, b, columns, c, offset, stride);
        fixed (
            float* left = a.Data,
                right = b,
                result = c
        )
            for (int k = 0; k < a.Depth; k += DepthBlock)
                Block(a, first, first + count, left, right, k, columns, result + offset, stride, cancellation);
    }

    private static void Block(
        PackedLeft a,
        int first,
        int end,
        float* left,
        float* right,
        int k,
        int columns,
        float* c,
        int stride,
        CancellationToken cancellation
    )
    {
        int depth = Math.Min(DepthBlock, a.Depth - k);
        for (int j = 0; j < columns; j += Tile.Columns)
        {
            cancellation.ThrowIfCancellationRequested();
            float* b = right + ((nint)j * a.Depth + (nint)k * Tile.Columns);
            int width = Math.Min(Tile.Columns, columns - j);
            for (int panel = first; panel < end; panel++)
            {
                int row = panel * Tile.Rows,
                    height = Math.Min(Tile.Rows, a.Rows - row);
                float* x = left + ((nint)row * a.Depth + (nint)k * Tile.Rows),
                    to = c + ((nint)row * stride + j);
                if (height == Tile.Rows && width == Tile.Columns)
                    Tile.Accumulate(x, b, depth, to, stride);
                else
                    Tile.AccumulateEdge(x, b, depth, to, stride, height, width);
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

/// <summary>
/// A matrix inside an array, of any row and column stride: a transpose is a view with the strides exchanged.
/// </summary>
internal readonly record struct MatrixView(
    float[] Data,
    int Offset,
    int Rows,
    int Columns,
    int RowStride,
    int ColumnStride
)
{
    /// <summary>A row-major matrix.</summary>
    public static MatrixView RowMajor(float[] data, int offset, int rows, int columns) =>
        new(data, offset, rows, columns, columns, 1);

    /// <summary>The same numbers with rows and columns exchanged.</summary>
    public MatrixView Transposed => new(Data, Offset, Columns, Rows, ColumnStride, RowStride);

    /// <summary>Some neighbouring columns.</summary>
    public MatrixView Slice(int from, int count) =>
        this with
        {
            Offset = Offset + from * ColumnStride,
            Columns = count,
        };

    /// <summary>Where an element lies in <see cref="Data"/>.</summary>
    public int At(int row, int column) => Offset + row * RowStride + column * ColumnStride;
}

/// <summary>C += A·B of whole matrices in single precision, spread over threads.</summary>
internal static class DenseProduct
{
    private const int StripColumns = 128;

    /// <summary>Adds a product to the row-major matrix at <paramref name="offset"/> of an array.</summary>
    public static void Accumulate(MatrixView a, MatrixView b, float[] c, int offset, Threads threads)
    {
        if (a.Rows == 0 || b.Columns == 0)
            return;
        var left = new PackedLeft(a, threads.Token);
        int strips = (b.Columns + StripColumns - 1) / StripColumns;
        int cuts = Math.Clamp((threads.Count + strips - 1) / strips, 1, left.Panels);
        threads.For(strips * cuts, piece =>
        {
            int from = piece / cuts * StripColumns,
                cut = piece % cuts;
            Strip(
                left,
                Cut(left.Panels, cut, cuts),
                b.Slice(from, Math.Min(StripColumns, b.Columns - from)),
                c,
                offset + from,
                b.Columns,
                threads.Token
            );
        });
    }

    /// <summary>The <paramref name="cut"/>-th of nearly equal parts of a count.</summary>
    public static Range Cut(int count, int cut, int cuts) =>
        (int)((long)count * cut / cuts)..(int)((long)count * (cut + 1) / cuts);

    private static void Strip(
        PackedLeft left,
        Range panels,
        MatrixView b,
        float[] c,
        int offset,
        int stride,
        CancellationToken cancellation
    )
    {
        float[] packed = ArrayPool<float>.Shared.Rent(PackedRight.Length(b.Rows, b.Columns));
        PackedRight.Pack(b, packed);
        MatrixProduct.Accumulate(left, panels, packed, b.Columns, c, offset, stride, cancellation);
        ArrayPool<float>.Shared.Return(packed);
    }
}
