using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Runtime.CompressedKernels.Int8;

/// <summary>
/// Sums of a few rows and a panel of 16 outputs, exact in 32 bits. Inputs are bytes without sign after an exclusive or
/// with flip, which makes signed ones so (128 more each).
/// </summary>
internal static unsafe class Int8Tile
{
    /// <summary>The most rows of a tile.</summary>
    public const int Rows = 6;

    private const int Columns = Int8Weights.Columns;

    /// <summary>Six rows by the instruction for dot products of bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Vnni(byte** rows, int runs, int length, nint stride, sbyte* w, int flip, int* sums)
    {
        Vector256<int> s00 = default,
            s01 = default,
            s10 = default,
            s11 = default,
            s20 = default,
            s21 = default;
        Vector256<int> s30 = default,
            s31 = default,
            s40 = default,
            s41 = default,
            s50 = default,
            s51 = default,
            f = Vector256.Create(flip);
        byte* a0 = rows[0],
            a1 = rows[1],
            a2 = rows[2],
            a3 = rows[3],
            a4 = rows[4],
            a5 = rows[5];
        for (; runs > 0; runs--)
        {
            for (nint k = 0; k < length; k += 4, w += 4 * Columns)
            {
                Vector256<sbyte> w0 = Vector256.Load(w),
                    w1 = Vector256.Load(w + 32);
                Vector256<byte> x = Four(a0 + k, f);
                (s00, s01) = (AvxVnni.MultiplyWideningAndAdd(s00, x, w0), AvxVnni.MultiplyWideningAndAdd(s01, x, w1));
                x = Four(a1 + k, f);
                (s10, s11) = (AvxVnni.MultiplyWideningAndAdd(s10, x, w0), AvxVnni.MultiplyWideningAndAdd(s11, x, w1));
                x = Four(a2 + k, f);
                (s20, s21) = (AvxVnni.MultiplyWideningAndAdd(s20, x, w0), AvxVnni.MultiplyWideningAndAdd(s21, x, w1));
                x = Four(a3 + k, f);
                (s30, s31) = (AvxVnni.MultiplyWideningAndAdd(s30, x, w0), AvxVnni.MultiplyWideningAndAdd(s31, x, w1));
                x = Four(a4 + k, f);
                (s40, s41) = (AvxVnni.MultiplyWideningAndAdd(s40, x, w0), AvxVnni.MultiplyWideningAndAdd(s41, x, w1));
                x = Four(a5 + k, f);
                (s50, s51) = (AvxVnni.MultiplyWideningAndAdd(s50, x, w0), AvxVnni.MultiplyWideningAndAdd(s51, x, w1));
            }
            a0 += stride;
            a1 += stride;
            a2 += stride;
            a3 += stride;
            a4 += stride;
            a5 += stride;
        }
        Store(s00, s01, sums);
        Store(s10, s11, sums + Columns);
        Store(s20, s21, sums + 2 * Columns);
        Store(s30, s31, sums + 3 * Columns);
        Store(s40, s41, sums + 4 * Columns);
        Store(s50, s51, sums + 5 * Columns);
    }

    /// <summary>One row by the same instruction: four chains an output, for the weights pass by only once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void VnniRow(byte* a, int runs, int length, nint stride, sbyte* w, int flip, int* sums)
    {
        Vector256<int> s00 = default,
            s01 = default,
            s10 = default,
            s11 = default,
            s20 = default,
            s21 = default,
            s30 = default,
            s31 = default,
            f = Vector256.Create(flip);
        for (; runs > 0; runs--, a += stride)
        {
            nint k = 0;
            for (; k + 16 <= length; k += 16, w += 16 * Columns)
            {
                Prefetch.Request(w);
                Prefetch.Request(w + 64);
                Prefetch.Request(w + 128);
                Prefetch.Request(w + 192);
                Vector256<byte> x0 = Four(a + k, f),
                    x1 = Four(a + k + 4, f),
                    x2 = Four(a + k + 8, f),
                    x3 = Four(a + k + 12, f);
                s00 = AvxVnni.MultiplyWideningAndAdd(s00, x0, Vector256.Load(w));
                s01 = AvxVnni.MultiplyWideningAndAdd(s01, x0, Vector256.Load(w + 32));
                s10 = AvxVnni.MultiplyWideningAndAdd(s10, x1, Vector256.Load(w + 64));
                s11 = AvxVnni.MultiplyWideningAndAdd(s11, x1, Vector256.Load(w + 96));
                s20 = AvxVnni.MultiplyWideningAndAdd(s20, x2, Vector256.Load(w + 128));
                s21 = AvxVnni.MultiplyWideningAndAdd(s21, x2, Vector256.Load(w + 160));
                s30 = AvxVnni.MultiplyWideningAndAdd(s30, x3, Vector256.Load(w + 192));
                s31 = AvxVnni.MultiplyWideningAndAdd(s31, x3, Vector256.Load(w + 224));
            }
            for (; k < length; k += 4, w += 4 * Columns)
            {
                Vector256<byte> x = Four(a + k, f);
                (s00, s01) = (
                    AvxVnni.MultiplyWideningAndAdd(s00, x, Vector256.Load(w)),
                    AvxVnni.MultiplyWideningAndAdd(s01, x, Vector256.Load(w + 32))
                );
            }
        }
        Store(s00 + s10 + (s20 + s30), s01 + s11 + (s21 + s31), sums);
    }

    /// <summary>
    /// Two rows in 16 bits: a product of a byte and a signed byte fits, and so do pairs of them in 32.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Avx2Pair(byte** rows, int runs, int length, nint stride, sbyte* w, int flip, int* sums)
    {
        Vector256<int> s00 = default,
            s01 = default,
            s02 = default,
            s03 = default,
            s10 = default,
            s11 = default,
            s12 = default,
            s13 = default;
        byte* a0 = rows[0],
            a1 = rows[1];
        for (; runs > 0; runs--, a0 += stride, a1 += stride)
        for (nint k = 0; k < length; k += 4, w += 4 * Columns)
        {
            Vector256<short> x0 = Wide(a0 + k, flip),
                x1 = Wide(a1 + k, flip),
                v = Avx2.ConvertToVector256Int16(w);
            (s00, s10) = (s00 + Avx2.MultiplyAddAdjacent(x0, v), s10 + Avx2.MultiplyAddAdjacent(x1, v));
            v = Avx2.ConvertToVector256Int16(w + 16);
            (s01, s11) = (s01 + Avx2.MultiplyAddAdjacent(x0, v), s11 + Avx2.MultiplyAddAdjacent(x1, v));
            v = Avx2.ConvertToVector256Int16(w + 32);
            (s02, s12) = (s02 + Avx2.MultiplyAddAdjacent(x0, v), s12 + Avx2.MultiplyAddAdjacent(x1, v));
            v = Avx2.ConvertToVector256Int16(w + 48);
            (s03, s13) = (s03 + Avx2.MultiplyAddAdjacent(x0, v), s13 + Avx2.MultiplyAddAdjacent(x1, v));
        }
        Store(Pairs(s00, s01), Pairs(s02, s03), sums);
        Store(Pairs(s10, s11), Pairs(s12, s13), sums + Columns);
    }

    /// <summary>One row in vectors of 128 bits, of any machine.</summary>
    public static void Row128(byte* a, int runs, int length, nint stride, sbyte* w, int flip, int* sums)
    {
        Vector128<int> s0 = default,
            s1 = default,
            s2 = default,
            s3 = default;
        for (; runs > 0; runs--, a += stride)
        for (nint k = 0; k < length; k += 4, w += 4 * Columns)
        {
            Vector128<short> x = Vector128.WidenLower(Vector128.Create(*(int*)(a + k) ^ flip).AsByte()).AsInt16();
            s0 += Dots(x, Vector128.Load(w));
            s1 += Dots(x, Vector128.Load(w + 16));
            s2 += Dots(x, Vector128.Load(w + 32));
            s3 += Dots(x, Vector128.Load(w + 48));
        }
        s0.Store(sums);
        s1.Store(sums + 4);
        s2.Store(sums + 8);
        s3.Store(sums + 12);
    }

    /// <summary>One row, one product at a time: what the others must equal.</summary>
    public static void RowScalar(byte* a, int runs, int length, nint stride, sbyte* w, int flip, int* sums)
    {
        new Span<int>(sums, Columns).Clear();
        for (; runs > 0; runs--, a += stride)
        for (nint k = 0; k < length; k += 4, w += 4 * Columns)
        for (int i = 0; i < 4 * Columns; i++)
            sums[i / 4] += (byte)(a[k + i % 4] ^ flip) * w[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Four(byte* a, Vector256<int> flip) => (Vector256.Create(*(int*)a) ^ flip).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Wide(byte* a, int flip) =>
        Avx2.ConvertToVector256Int16(Vector128.Create(*(int*)a ^ flip).AsByte());

    /// <summary>Adds neighbours, of eight outputs in two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Pairs(Vector256<int> low, Vector256<int> high) =>
        Avx2.Permute4x64(Avx2.HorizontalAdd(low, high).AsInt64(), 0b11_01_10_00).AsInt32();

    /// <summary>Dot products of four depths, for four outputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Dots(Vector128<short> x, Vector128<sbyte> w)
    {
        Vector128<int> low = Neighbours(x, Vector128.WidenLower(w)),
            high = Neighbours(x, Vector128.WidenUpper(w));
        return Vector128.Shuffle(low, Vector128.Create(0, 2, -1, -1))
            + Vector128.Shuffle(low, Vector128.Create(1, 3, -1, -1))
            + Vector128.Shuffle(high, Vector128.Create(-1, -1, 0, 2))
            + Vector128.Shuffle(high, Vector128.Create(-1, -1, 1, 3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Neighbours(Vector128<short> x, Vector128<short> w)
    {
        if (Sse2.IsSupported)
            return Sse2.MultiplyAddAdjacent(x, w);
        Vector128<int> low = Vector128.WidenLower(x) * Vector128.WidenLower(w),
            high = Vector128.WidenUpper(x) * Vector128.WidenUpper(w);
        return Vector128.Shuffle(low, Vector128.Create(0, 2, -1, -1))
            + Vector128.Shuffle(low, Vector128.Create(1, 3, -1, -1))
            + Vector128.Shuffle(high, Vector128.Create(-1, -1, 0, 2))
            + Vector128.Shuffle(high, Vector128.Create(-1, -1, 1, 3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<int> low, Vector256<int> high, int* to)
    {
        low.Store(to);
        high.Store(to + 8);
    }
}

/// <summary>Which tile computes sums at a width.</summary>
internal static unsafe class Int8Tiles
{
    /// <summary>Rows of a tile.</summary>
    public static int Rows(VectorWidth width) =>
        width switch
        {
            >= VectorWidth.V256 when AvxVnni.IsSupported => Int8Tile.Rows,
            >= VectorWidth.V256 when Avx2.IsSupported => 2,
            _ => 1,
        };

    /// <summary>Sums of a tile's rows and one panel of outputs.</summary>
    /// <param name="rows">Where each row begins.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="panel">The panel.</param>
    /// <param name="stride">From a run to the next.</param>
    /// <param name="flip">What makes signed bytes unsigned; 0 if they are.</param>
    /// <param name="sums">16 sums for each row.</param>
    /// <param name="width">How wide to compute.</param>
    public static void Run(
        byte** rows,
        Int8Weights weights,
        int panel,
        nint stride,
        int flip,
        int* sums,
        VectorWidth width
    )
    {
        sbyte* w = weights.Panel(panel);
        if (width >= VectorWidth.V256 && AvxVnni.IsSupported)
            Int8Tile.Vnni(rows, weights.Runs, weights.RunBytes, stride, w, flip, sums);
        else if (width >= VectorWidth.V256 && Avx2.IsSupported)
            Int8Tile.Avx2Pair(rows, weights.Runs, weights.RunBytes, stride, w, flip, sums);
        else if (width >= VectorWidth.V128)
            Int8Tile.Row128(rows[0], weights.Runs, weights.RunBytes, stride, w, flip, sums);
        else
            Int8Tile.RowScalar(rows[0], weights.Runs, weights.RunBytes, stride, w, flip, sums);
    }
}
