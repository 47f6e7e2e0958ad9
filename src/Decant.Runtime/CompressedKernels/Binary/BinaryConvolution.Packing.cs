using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Decant.Runtime.CompressedKernels.Binary;

internal sealed unsafe partial class BinaryConvolution
{
    /// <summary>Takes the signs of an image into groups; zero counts as +. Padding is written too.</summary>
    /// <param name="x">The image.</param>
    /// <param name="channelStride">From a channel to the next: 1 where channels lie together, else a plane.</param>
    /// <param name="pixelStride">From a pixel to the next: 1 where channels are planes, else the channels.</param>
    /// <param name="packed">At least <see cref="PackedLength"/> bytes.</param>
    public void Pack(ReadOnlySpan<float> x, int channelStride, int pixelStride, Span<byte> packed)
    {
        if (
            channelStride < 1
            || pixelStride < 1
            || packed.Length < PackedLength
            || x.Length
                < (geometry.Channels - 1L) * channelStride
                    + ((long)geometry.InputHeight * geometry.InputWidth - 1) * pixelStride
                    + 1
        )
            throw new ArgumentException("a binary image reaches outside its arrays");
        if ((geometry.Top, geometry.Left, geometry.Bottom, geometry.Right) != default)
            packed[..PackedLength].Fill((byte)(1 << bits));
        bool planes = pixelStride == 1 && width >= VectorWidth.V256;
        fixed (float* from = x)
        fixed (byte* to = packed)
        fixed (int* at = homes)
        {
            int done = 0;
            if (planes && width == VectorWidth.V512 && groups >= SignBlock.Groups)
                for (; done + SignBlock.Pixels <= homes.Length; done += SignBlock.Pixels)
                    SixteenPixels(from + done, channelStride, to, at + done);
            if (planes)
                for (; done + 8 <= homes.Length; done += 8)
                    EightPixels(from + done, channelStride, to, at + done);
            for (; done < homes.Length; done++)
            for (int group = 0; group < groups; group++)
                to[at[done] + group] = One(
                    from + (nint)done * pixelStride + (nint)group * bits * channelStride,
                    channelStride,
                    Signs(group)
                );
        }
    }

    /// <summary>Signs of a group: the last may have fewer channels.</summary>
    private int Signs(int group) => Math.Min(bits, geometry.Channels - group * bits);

    /// <summary>
    /// Groups of neighbouring pixels, channels in planes; where groups do not fill the last block it overlaps the one
    /// before.
    /// </summary>
    private void SixteenPixels(float* x, nint channelStride, byte* to, int* at)
    {
        for (int group = 0; group < groups; group += SignBlock.Groups)
        {
            int first = Math.Min(group, groups - SignBlock.Groups);
            SignBlock.Write(
                x + (nint)first * bits * channelStride,
                channelStride,
                Math.Min(SignBlock.Groups * bits, geometry.Channels - first * bits),
                bits,
                to + first,
                at
            );
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void EightPixels(float* x, nint channelStride, byte* to, int* at)
    {
        int* each = stackalloc int[8];
        for (int group = 0; group < groups; group++)
        {
            Vector256<int> patterns = default;
            int signs = Signs(group);
            for (int k = 0; k < signs; k++, x += channelStride)
                patterns |=
                    Vector256.LessThan(Vector256.Load(x), Vector256<float>.Zero).AsInt32() & Vector256.Create(1 << k);
            patterns.Store(each);
            for (int i = 0; i < 8; i++)
                to[at[i] + group] = (byte)each[i];
        }
    }

    private static byte One(float* x, nint channelStride, int signs)
    {
        int pattern = 0;
        for (int k = 0; k < signs; k++, x += channelStride)
            if (*x < 0)
                pattern |= 1 << k;
        return (byte)pattern;
    }
}
