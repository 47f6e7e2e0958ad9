using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Decant.Data;

/// <summary>
/// (pixel × scale − mean) / std over one channel. The vector forms round after each step as the scalar one does, so
/// all give the same bits.
/// </summary>
internal static class NormalizationKernel
{
    public static void Scalar(ReadOnlySpan<byte> pixels, Span<float> to, float scale, float mean, float std)
    {
        for (int i = 0; i < pixels.Length; i++)
            to[i] = (pixels[i] * scale - mean) / std;
    }

    public static void Scalar(ReadOnlySpan<float> pixels, Span<float> to, float scale, float mean, float std)
    {
        for (int i = 0; i < pixels.Length; i++)
            to[i] = (pixels[i] * scale - mean) / std;
    }

    public static void Apply(ReadOnlySpan<byte> pixels, Span<float> to, float scale, float mean, float std)
    {
        int done = 0;
        if (Vector256.IsHardwareAccelerated && pixels.Length >= 32)
        {
            ref byte source = ref MemoryMarshal.GetReference(pixels);
            ref float target = ref MemoryMarshal.GetReference(to[..pixels.Length]);
            var step = new Step(scale, mean, std);
            for (; done <= pixels.Length - 32; done += 32)
            {
                var (low, high) = Vector256.Widen(Vector256.LoadUnsafe(ref source, (nuint)done));
                Store(ref Unsafe.Add(ref target, done), low, step);
                Store(ref Unsafe.Add(ref target, done + 16), high, step);
            }
        }
        Scalar(pixels[done..], to[done..], scale, mean, std);
    }

    public static void Apply(ReadOnlySpan<float> pixels, Span<float> to, float scale, float mean, float std)
    {
        int done = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            ref float source = ref MemoryMarshal.GetReference(pixels);
            ref float target = ref MemoryMarshal.GetReference(to[..pixels.Length]);
            var step = new Step(scale, mean, std);
            for (; done <= pixels.Length - 8; done += 8)
                step.Of(Vector256.LoadUnsafe(ref source, (nuint)done)).StoreUnsafe(ref target, (nuint)done);
        }
        Scalar(pixels[done..], to[done..], scale, mean, std);
    }

    /// <summary>Bytes as floats, no more.</summary>
    public static void Widen(ReadOnlySpan<byte> pixels, Span<float> to)
    {
        int done = 0;
        for (; Vector256.IsHardwareAccelerated && done <= pixels.Length - 32; done += 32)
        {
            var (low, high) = Vector256.Widen(Vector256.Create(pixels[done..]));
            Widen(low, to[done..]);
            Widen(high, to[(done + 16)..]);
        }
        for (; done < pixels.Length; done++)
            to[done] = pixels[done];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Widen(Vector256<ushort> pixels, Span<float> to)
    {
        var (low, high) = Vector256.Widen(pixels);
        Vector256.ConvertToSingle(low.AsInt32()).CopyTo(to);
        Vector256.ConvertToSingle(high.AsInt32()).CopyTo(to[8..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ref float target, Vector256<ushort> pixels, Step step)
    {
        var (low, high) = Vector256.Widen(pixels);
        step.Of(Vector256.ConvertToSingle(low.AsInt32())).StoreUnsafe(ref target);
        step.Of(Vector256.ConvertToSingle(high.AsInt32())).StoreUnsafe(ref target, 8);
    }

    private readonly struct Step(float scale, float mean, float std)
    {
        private readonly Vector256<float> scale = Vector256.Create(scale),
            mean = Vector256.Create(mean),
            std = Vector256.Create(std);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<float> Of(Vector256<float> pixels) => (pixels * scale - mean) / std;
    }
}
