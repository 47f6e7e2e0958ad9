using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>Images of floats to images of bytes, or back.</summary>
internal sealed unsafe class ByteConversion(ImageView floats, ByteImage bytes, bool toBytes) : Stage
{
    private readonly int length = bytes.Width * bytes.Channels;

    public override IEnumerable<PlanBuffer> Buffers => [floats.Buffer, bytes.Buffer];

    public override void Bind()
    {
        if (toBytes)
            bytes.FillBorder();
    }

    public override void Run(int piece, float* scratch, CancellationToken cancellation)
    {
        for (int n = 0; n < bytes.Images; n++)
        for (int y = 0; y < bytes.Height; y++)
        {
            cancellation.ThrowIfCancellationRequested();
            float* f = floats.Address + (nint)n * floats.ImageStride + floats.At(y, 0);
            byte* b = bytes.Address + (nint)n * bytes.ImageStride + bytes.At(y, 0);
            if (floats.Channels == floats.PixelStride)
                Convert(f, b, length);
            else
                for (int x = 0; x < bytes.Width; x++)
                    Convert(f + x * floats.PixelStride, b + x * bytes.Channels, bytes.Channels);
        }
    }

    private void Convert(float* f, byte* b, int count)
    {
        if (toBytes)
            Quantize(f, b, count);
        else
            Dequantize(b, f, count);
    }

    private void Quantize(float* from, byte* to, int count)
    {
        ByteRange r = bytes.Range;
        float least = r.Least - r.Zero,
            most = r.Greatest - r.Zero;
        int i = 0;
        for (; i <= count - 16; i += 16)
        {
            Vector256<short> half = Vector256.Narrow(Eight(from + i), Eight(from + i + 8));
            Vector128.Narrow(half.GetLower(), half.GetUpper()).AsByte().Store(to + i);
        }
        for (; i < count; i++)
            to[i] = (byte)((int)Math.Min(most, Math.Max(least, MathF.Round(from[i] / r.Scale))) + r.Zero);

        Vector256<int> Eight(float* at)
        {
            Vector256<float> value = Vector256.Round(Vector256.Load(at) / Vector256.Create(r.Scale));
            return Vector256.ConvertToInt32Native(
                    Vector256.MinNative(Vector256.Create(most), Vector256.MaxNative(Vector256.Create(least), value))
                ) + Vector256.Create(r.Zero);
        }
    }

    private void Dequantize(byte* from, float* to, int count)
    {
        ByteRange r = bytes.Range;
        int i = 0;
        if (!r.Signed)
            for (; i <= count - 8; i += 8)
                (
                    Vector256.ConvertToSingle(ByteVectors.Eight(from + i) - Vector256.Create(r.Zero))
                    * Vector256.Create(r.Scale)
                ).Store(to + i);
        for (; i < count; i++)
            to[i] = ((r.Signed ? (sbyte)from[i] : from[i]) - r.Zero) * r.Scale;
    }
}

/// <summary>Bytes as whole numbers, eight at a time.</summary>
internal static unsafe class ByteVectors
{
    /// <summary>Eight bytes without sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Eight(byte* at)
    {
        if (Avx2.IsSupported)
            return Avx2.ConvertToVector256Int32(at);
        Vector128<ushort> wide = Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)at).AsByte());
        return Vector256.Create(Vector128.WidenLower(wide), Vector128.WidenUpper(wide)).AsInt32();
    }
}

/// <summary>
/// The sum of two images of bytes, each with its own scale, clamped and rounded half to even to bytes again.
/// </summary>
internal sealed unsafe class ByteAdd(ByteImage a, ByteImage b, ByteImage y, float low, float high) : Stage
{
    private readonly float least = y.Range.Of(low) - y.Range.Zero,
        most = y.Range.Of(high) - y.Range.Zero;
    private readonly float first = a.Range.Scale / y.Range.Scale,
        second = b.Range.Scale / y.Range.Scale;

    public override IEnumerable<PlanBuffer> Buffers => [a.Buffer, b.Buffer, y.Buffer];

    public override void Bind() => y.FillBorder();

    public override void Run(int piece, float* scratch, CancellationToken cancellation)
    {
        for (int n = 0; n < y.Images; n++)
        for (int row = 0; row < y.Height; row++)
        {
            cancellation.ThrowIfCancellationRequested();
            Row(
                a.Address + (nint)n * a.ImageStride + a.At(row, 0),
                b.Address + (nint)n * b.ImageStride + b.At(row, 0),
                y.Address + (nint)n * y.ImageStride + y.At(row, 0),
                y.Width * y.Channels
            );
        }
    }

    private void Row(byte* left, byte* right, byte* to, int count)
    {
        int i = 0;
        if (!a.Range.Signed && !b.Range.Signed)
            for (; i <= count - 16; i += 16)
            {
                Vector256<short> half = Vector256.Narrow(
                    Eight(left + i, right + i),
                    Eight(left + i + 8, right + i + 8)
                );
                Vector128.Narrow(half.GetLower(), half.GetUpper()).AsByte().Store(to + i);
            }
        for (; i < count; i++)
        {
            float sum = Number(left[i], a.Range) * first + Number(right[i], b.Range) * second;
            to[i] = (byte)((int)Math.Min(most, Math.Max(least, MathF.Round(sum))) + y.Range.Zero);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<int> Eight(byte* left, byte* right)
    {
        Vector256<float> sum =
            Numbers(left, a.Range.Zero) * Vector256.Create(first)
            + Numbers(right, b.Range.Zero) * Vector256.Create(second);
        return Vector256.ConvertToInt32Native(
                Vector256.MinNative(
                    Vector256.Create(most),
                    Vector256.MaxNative(Vector256.Create(least), Vector256.Round(sum))
                )
            ) + Vector256.Create(y.Range.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Numbers(byte* at, int zero) =>
        Vector256.ConvertToSingle(ByteVectors.Eight(at) - Vector256.Create(zero));

    private static int Number(byte code, ByteRange range) => (range.Signed ? (sbyte)code : code) - range.Zero;
}
