using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Runtime.CompressedKernels.Codebook;

/// <summary>
/// Blocks of 4-bit indices of four rows: a shift brings a nibble of each word down, a permutation of the codebook looks
/// 16 of them up.
/// </summary>
internal static unsafe class NibbleBlocks
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add512(byte* codes, float* codebook, float* x, float* sums, int count)
    {
        Vector512<float> book = Vector512.Load(codebook),
            s0 = Vector512.Load(sums),
            s1 = Vector512.Load(sums + 16);
        Vector512<float> s2 = Vector512.Load(sums + 32),
            s3 = Vector512.Load(sums + 48);
        for (float* end = x + (nint)count * CodeBlock.NibbleColumns; x != end; codes += 4 * CodeBlock.Bytes)
        {
            Prefetch.Request(codes);
            Prefetch.Request(codes + 64);
            Prefetch.Request(codes + 128);
            Prefetch.Request(codes + 192);
            Vector512<int> c0 = Vector512.Load((int*)codes),
                c1 = Vector512.Load((int*)codes + 16);
            Vector512<int> c2 = Vector512.Load((int*)codes + 32),
                c3 = Vector512.Load((int*)codes + 48);
            for (float* next = x + CodeBlock.NibbleColumns; x != next; x += 16)
            {
                Vector512<float> read = Vector512.Load(x);
                s0 = Vector512.FusedMultiplyAdd(Avx512F.PermuteVar16x32(book, c0), read, s0);
                s1 = Vector512.FusedMultiplyAdd(Avx512F.PermuteVar16x32(book, c1), read, s1);
                s2 = Vector512.FusedMultiplyAdd(Avx512F.PermuteVar16x32(book, c2), read, s2);
                s3 = Vector512.FusedMultiplyAdd(Avx512F.PermuteVar16x32(book, c3), read, s3);
                (c0, c1, c2, c3) = (c0 >>> 4, c1 >>> 4, c2 >>> 4, c3 >>> 4);
            }
        }
        s0.Store(sums);
        s1.Store(sums + 16);
        s2.Store(sums + 32);
        s3.Store(sums + 48);
    }

    /// <summary>
    /// The same with half a word vector at a time, and the codebook in two halves chosen between by a nibble's highest
    /// bit.
    /// </summary>
    public static void Add256(byte* codes, float* codebook, float* x, float* sums, int count)
    {
        for (int half = 0; half < 2; half++, x += 8, codes += 32, sums += 8)
        {
            Rows256(codes, codebook, x, sums, count);
            Rows256(codes + 2 * CodeBlock.Bytes, codebook, x, sums + 32, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows256(byte* codes, float* codebook, float* x, float* sums, int count)
    {
        Vector256<float> low = Vector256.Load(codebook),
            high = Vector256.Load(codebook + 8);
        Vector256<float> s0 = Vector256.Load(sums),
            s1 = Vector256.Load(sums + 16);
        for (float* end = x + (nint)count * CodeBlock.NibbleColumns; x != end; codes += 4 * CodeBlock.Bytes)
        {
            Prefetch.Request(codes);
            Prefetch.Request(codes + 64);
            Vector256<int> c0 = Vector256.Load((int*)codes),
                c1 = Vector256.Load((int*)(codes + 64));
            for (float* next = x + CodeBlock.NibbleColumns; x != next; x += 16)
            {
                Vector256<float> read = Vector256.Load(x);
                s0 = Vector256.FusedMultiplyAdd(Look(low, high, c0), read, s0);
                s1 = Vector256.FusedMultiplyAdd(Look(low, high, c1), read, s1);
                (c0, c1) = (c0 >>> 4, c1 >>> 4);
            }
        }
        s0.Store(sums);
        s1.Store(sums + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Look(Vector256<float> low, Vector256<float> high, Vector256<int> codes) =>
        Avx.BlendVariable(Avx2.PermuteVar8x32(low, codes), Avx2.PermuteVar8x32(high, codes), (codes << 28).AsSingle());
}
