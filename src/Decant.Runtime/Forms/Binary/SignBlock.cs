using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Runtime.Forms.Binary;

/// <summary>Signs of 16 neighbouring pixels and the channels of eight groups, turned from planes of channels into bytes that lie together for each pixel.</summary>
internal static unsafe class SignBlock
{
    /// <summary>Pixels of a block.</summary>
    public const int Pixels = 16;

    /// <summary>Groups of a block.</summary>
    public const int Groups = 8;

    /// <summary>Writes eight bytes for each pixel.</summary>
    /// <param name="x">The first channel of the first pixel.</param>
    /// <param name="channelStride">From a channel to the next.</param>
    /// <param name="channels">How many channels there are, at most those of eight groups.</param>
    /// <param name="bits">Channels of a group.</param>
    /// <param name="to">The first group in the first byte of the packed image.</param>
    /// <param name="at">Where each pixel lies in it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Write(float* x, nint channelStride, int channels, int bits, byte* to, int* at)
    {
        Vector128<byte>* rows = stackalloc Vector128<byte>[Groups];
        for (int group = 0; group < Groups; group++, channels -= bits)
        {
            Vector512<int> patterns = default;
            for (int k = 0; k < Math.Min(bits, channels); k++, x += channelStride)
                patterns |= Vector512.LessThan(Vector512.Load(x), Vector512<float>.Zero).AsInt32() & Vector512.Create(1 << k);
            rows[group] = Avx512F.ConvertToVector128Byte(patterns);
        }
        Half(Sse2.UnpackLow(rows[0], rows[1]), Sse2.UnpackLow(rows[2], rows[3]), Sse2.UnpackLow(rows[4], rows[5]), Sse2.UnpackLow(rows[6], rows[7]), to, at);
        Half(Sse2.UnpackHigh(rows[0], rows[1]), Sse2.UnpackHigh(rows[2], rows[3]), Sse2.UnpackHigh(rows[4], rows[5]), Sse2.UnpackHigh(rows[6], rows[7]), to, at + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Half(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, Vector128<byte> d, byte* to, int* at)
    {
        Four(Sse2.UnpackLow(a.AsUInt16(), b.AsUInt16()), Sse2.UnpackLow(c.AsUInt16(), d.AsUInt16()), to, at);
        Four(Sse2.UnpackHigh(a.AsUInt16(), b.AsUInt16()), Sse2.UnpackHigh(c.AsUInt16(), d.AsUInt16()), to, at + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(Vector128<ushort> low, Vector128<ushort> high, byte* to, int* at)
    {
        Vector128<ulong> first = Sse2.UnpackLow(low.AsUInt32(), high.AsUInt32()).AsUInt64(), second = Sse2.UnpackHigh(low.AsUInt32(), high.AsUInt32()).AsUInt64();
        *(ulong*)(to + at[0]) = first[0];
        *(ulong*)(to + at[1]) = first[1];
        *(ulong*)(to + at[2]) = second[0];
        *(ulong*)(to + at[3]) = second[1];
    }
}
