using System.Buffers;

namespace Decant.Runtime.Products;

/// <summary>C += A·B of whole matrices in single precision, spread over threads.</summary>
internal static class DenseProduct
{
    private const int StripColumns = 128;

    /// <summary>Adds a product to the row-major matrix at <paramref name="offset"/> of an array.</summary>
    public static void Accumulate(MatrixView a, MatrixView b, float[] c, int offset, Threads threads)
    {
        if (a.Rows == 0 || b.Columns == 0) return;
        var left = new PackedLeft(a);
        int strips = (b.Columns + StripColumns - 1) / StripColumns;
        int cuts = Math.Clamp((threads.Count + strips - 1) / strips, 1, left.Panels);
        threads.For(strips * cuts, piece =>
        {
            int from = piece / cuts * StripColumns, cut = piece % cuts;
            Strip(left, Cut(left.Panels, cut, cuts), b.Slice(from, Math.Min(StripColumns, b.Columns - from)), c, offset + from, b.Columns);
        });
    }

    /// <summary>The <paramref name="cut"/>-th of nearly equal parts of a count.</summary>
    public static Range Cut(int count, int cut, int cuts) => (int)((long)count * cut / cuts)..(int)((long)count * (cut + 1) / cuts);

    private static void Strip(PackedLeft left, Range panels, MatrixView b, float[] c, int offset, int stride)
    {
        float[] packed = ArrayPool<float>.Shared.Rent(PackedRight.Length(b.Rows, b.Columns));
        PackedRight.Pack(b, packed);
        MatrixProduct.Accumulate(left, panels, packed, b.Columns, c, offset, stride);
        ArrayPool<float>.Shared.Return(packed);
    }
}
