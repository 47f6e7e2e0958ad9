using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Runtime.CompressedKernels.Codebook;

/// <summary>
/// Blocks of 8-bit indices of four rows: each byte of 64 numbers is looked up by itself, then the bytes are joined to
/// floats.
/// </summary>
internal static unsafe class ByteBlocks
{
    private const int Plane = CodebookEncoding.MaxEntries;

    /// <summary>For codebooks of up to 64 entries.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add64(byte* codes, byte* planes, float* x, float* sums, int count)
    {
        Vector512<byte> p0 = Vector512.Load(planes),
            p1 = Vector512.Load(planes + Plane);
        Vector512<byte> p2 = Vector512.Load(planes + 2 * Plane),
            p3 = Vector512.Load(planes + 3 * Plane);
        Vector512<float> s0 = Vector512.Load(sums),
            s1 = Vector512.Load(sums + 16),
            s2 = Vector512.Load(sums + 32),
            s3 = Vector512.Load(sums + 48);
        for (
            float* end = x + (nint)count * CodeBlock.ByteColumns;
            x != end;
            x += CodeBlock.ByteColumns, codes += 4 * CodeBlock.Bytes
        )
        {
            s0 = Row64(codes, p0, p1, p2, p3, x, s0);
            s1 = Row64(codes + 64, p0, p1, p2, p3, x, s1);
            s2 = Row64(codes + 128, p0, p1, p2, p3, x, s2);
            s3 = Row64(codes + 192, p0, p1, p2, p3, x, s3);
        }
        s0.Store(sums);
        s1.Store(sums + 16);
        s2.Store(sums + 32);
        s3.Store(sums + 48);
    }

    /// <summary>For any codebook.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add256(byte* codes, byte* planes, float* x, float* sums, int count)
    {
        Vector512<float> s0 = Vector512.Load(sums),
            s1 = Vector512.Load(sums + 16),
            s2 = Vector512.Load(sums + 32),
            s3 = Vector512.Load(sums + 48);
        for (
            float* end = x + (nint)count * CodeBlock.ByteColumns;
            x != end;
            x += CodeBlock.ByteColumns, codes += 4 * CodeBlock.Bytes
        )
        {
            s0 = Row256(codes, planes, x, s0);
            s1 = Row256(codes + 64, planes, x, s1);
            s2 = Row256(codes + 128, planes, x, s2);
            s3 = Row256(codes + 192, planes, x, s3);
        }
        s0.Store(sums);
        s1.Store(sums + 16);
        s2.Store(sums + 32);
        s3.Store(sums + 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Row64(
        byte* codes,
        Vector512<byte> p0,
        Vector512<byte> p1,
        Vector512<byte> p2,
        Vector512<byte> p3,
        float* x,
        Vector512<float> sum
    )
    {
        Prefetch.Request(codes);
        Vector512<byte> code = Vector512.Load(codes);
        return Add(
            Avx512Vbmi.PermuteVar64x8(p0, code),
            Avx512Vbmi.PermuteVar64x8(p1, code),
            Avx512Vbmi.PermuteVar64x8(p2, code),
            Avx512Vbmi.PermuteVar64x8(p3, code),
            x,
            sum
        );
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Row256(byte* codes, byte* planes, float* x, Vector512<float> sum)
    {
        Prefetch.Request(codes);
        Vector512<byte> code = Vector512.Load(codes),
            high = Vector512.LessThan(code.AsSByte(), Vector512<sbyte>.Zero).AsByte();
        return Add(
            Look256(planes, code, high),
            Look256(planes + Plane, code, high),
            Look256(planes + 2 * Plane, code, high),
            Look256(planes + 3 * Plane, code, high),
            x,
            sum
        );
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Look256(byte* plane, Vector512<byte> code, Vector512<byte> high) =>
        Vector512.ConditionalSelect(
            high,
            Avx512Vbmi.PermuteVar64x8x2(Vector512.Load(plane + 128), code, Vector512.Load(plane + 192)),
            Avx512Vbmi.PermuteVar64x8x2(Vector512.Load(plane), code, Vector512.Load(plane + 64))
        );

    /// <summary>Joins the bytes of 64 floats and multiplies 16 at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Add(
        Vector512<byte> b0,
        Vector512<byte> b1,
        Vector512<byte> b2,
        Vector512<byte> b3,
        float* x,
        Vector512<float> sum
    )
    {
        Vector512<ushort> low0 = Avx512BW.UnpackLow(b0, b1).AsUInt16(),
            low1 = Avx512BW.UnpackHigh(b0, b1).AsUInt16();
        Vector512<ushort> high0 = Avx512BW.UnpackLow(b2, b3).AsUInt16(),
            high1 = Avx512BW.UnpackHigh(b2, b3).AsUInt16();
        sum = Vector512.FusedMultiplyAdd(Avx512BW.UnpackLow(low0, high0).AsSingle(), Vector512.Load(x), sum);
        sum = Vector512.FusedMultiplyAdd(Avx512BW.UnpackHigh(low0, high0).AsSingle(), Vector512.Load(x + 16), sum);
        sum = Vector512.FusedMultiplyAdd(Avx512BW.UnpackLow(low1, high1).AsSingle(), Vector512.Load(x + 32), sum);
        return Vector512.FusedMultiplyAdd(Avx512BW.UnpackHigh(low1, high1).AsSingle(), Vector512.Load(x + 48), sum);
    }
}
