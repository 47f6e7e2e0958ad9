using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Runtime.CompressedKernels.Int8.Winograd;

/// <summary>The transforms of F(2×2, 3×3) in whole numbers, for sixteen channels of one tile.</summary>
internal static unsafe class ByteTransforms
{
    /// <summary>Bᵀ d B of some tiles: 4×4 pixels of bytes to 16 numbers of the domain.</summary>
    /// <param name="from">The image, at the first of sixteen channels.</param>
    /// <param name="at">Where each tile's first pixel lies.</param>
    /// <param name="count">How many tiles.</param>
    /// <param name="row">Bytes from a row to the next.</param>
    /// <param name="pixel">Bytes from a pixel to the next.</param>
    /// <param name="flip">128 where bytes are signed, which makes them unsigned; else 0.</param>
    /// <param name="to">The first product's numbers of the first tile.</param>
    /// <param name="step">Numbers from a tile to the next.</param>
    /// <param name="product">Numbers from a product to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Input(
        byte* from,
        int* at,
        int count,
        nint row,
        nint pixel,
        byte flip,
        short* to,
        nint step,
        nint product
    )
    {
        Vector128<byte> f = Vector128.Create(flip);
        for (int t = 0; t < count; t++, to += step)
        {
            byte* x = from + at[t];
            Lines(
                x,
                row,
                f,
                out Vector256<short> a0,
                out Vector256<short> b0,
                out Vector256<short> c0,
                out Vector256<short> d0
            );
            Lines(
                x + pixel,
                row,
                f,
                out Vector256<short> a1,
                out Vector256<short> b1,
                out Vector256<short> c1,
                out Vector256<short> d1
            );
            Lines(
                x + 2 * pixel,
                row,
                f,
                out Vector256<short> a2,
                out Vector256<short> b2,
                out Vector256<short> c2,
                out Vector256<short> d2
            );
            Lines(
                x + 3 * pixel,
                row,
                f,
                out Vector256<short> a3,
                out Vector256<short> b3,
                out Vector256<short> c3,
                out Vector256<short> d3
            );
            Store(a0, a1, a2, a3, to, product);
            Store(b0, b1, b2, b3, to + 4 * product, product);
            Store(c0, c1, c2, c3, to + 8 * product, product);
            Store(d0, d1, d2, d3, to + 12 * product, product);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Lines(
        byte* from,
        nint row,
        Vector128<byte> flip,
        out Vector256<short> first,
        out Vector256<short> second,
        out Vector256<short> third,
        out Vector256<short> fourth
    )
    {
        Vector256<short> a = Wide(from, flip),
            b = Wide(from + row, flip),
            c = Wide(from + 2 * row, flip),
            d = Wide(from + 3 * row, flip);
        (first, second, third, fourth) = (a - c, b + c, c - b, b - d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(
        Vector256<short> a,
        Vector256<short> b,
        Vector256<short> c,
        Vector256<short> d,
        short* to,
        nint product
    )
    {
        (a - c).Store(to);
        (b + c).Store(to + product);
        (c - b).Store(to + 2 * product);
        (b - d).Store(to + 3 * product);
    }

    /// <summary>Aᵀ m A / 4: 16 sums of products, sixteen outputs each, to the sums of a row of two pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Row(int* from, nint product, int row, out Vector512<int> left, out Vector512<int> right)
    {
        Vector512<int> a = Column512(from, product, row),
            b = Column512(from + product, product, row),
            c = Column512(from + 2 * product, product, row),
            d = Column512(from + 3 * product, product, row);
        left = Vector512.ShiftRightArithmetic(a + b + c, 2);
        right = Vector512.ShiftRightArithmetic(b - c - d, 2);
    }

    /// <summary>The same of both rows, eight outputs of the sixteen at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Output256(int* from, nint product, int* to)
    {
        for (int half = 0; half < 16; half += 8)
        for (int i = 0; i < 2; i++)
        {
            int* at = from + half;
            Vector256<int> a = Column256(at, product, i),
                b = Column256(at + product, product, i),
                c = Column256(at + 2 * product, product, i),
                d = Column256(at + 3 * product, product, i);
            Vector256.ShiftRightArithmetic(a + b + c, 2).Store(to + i * 32 + half);
            Vector256.ShiftRightArithmetic(b - c - d, 2).Store(to + i * 32 + 16 + half);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Column512(int* from, nint product, int row)
    {
        Vector512<int> m1 = Vector512.Load(from + 4 * product),
            m2 = Vector512.Load(from + 8 * product);
        return row == 0 ? Vector512.Load(from) + m1 + m2 : m1 - m2 - Vector512.Load(from + 12 * product);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Column256(int* from, nint product, int row)
    {
        Vector256<int> m1 = Vector256.Load(from + 4 * product),
            m2 = Vector256.Load(from + 8 * product);
        return row == 0 ? Vector256.Load(from) + m1 + m2 : m1 - m2 - Vector256.Load(from + 12 * product);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Wide(byte* from, Vector128<byte> flip) =>
        Avx2.ConvertToVector256Int16(Vector128.Load(from) ^ flip);
}
