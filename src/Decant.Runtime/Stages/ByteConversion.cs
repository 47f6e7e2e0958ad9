using System.Runtime.Intrinsics;
using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>Images of floats to images of bytes, or back.</summary>
internal sealed unsafe class ByteConversion(ImageView floats, ByteImage bytes, bool toBytes) : Stage
{
    private readonly int length = bytes.Width * bytes.Channels;

    public override IEnumerable<PlanBuffer> Buffers => [floats.Buffer, bytes.Buffer];

    public override void Bind()
    {
        if (toBytes) bytes.FillBorder();
    }

    public override void Run(int piece, float* scratch)
    {
        for (int n = 0; n < bytes.Images; n++)
            for (int y = 0; y < bytes.Height; y++)
            {
                float* f = floats.Address + (nint)n * floats.ImageStride + floats.At(y, 0);
                byte* b = bytes.Address + (nint)n * bytes.ImageStride + bytes.At(y, 0);
                if (floats.Channels == floats.PixelStride) Convert(f, b, length);
                else
                    for (int x = 0; x < bytes.Width; x++) Convert(f + x * floats.PixelStride, b + x * bytes.Channels, bytes.Channels);
            }
    }

    private void Convert(float* f, byte* b, int count)
    {
        if (toBytes) Quantize(f, b, count);
        else Dequantize(b, f, count);
    }

    private void Quantize(float* from, byte* to, int count)
    {
        ByteRange r = bytes.Range;
        float least = r.Least - r.Zero, most = r.Greatest - r.Zero;
        int i = 0;
        for (; i <= count - 16; i += 16)
        {
            Vector256<short> half = Vector256.Narrow(Eight(from + i), Eight(from + i + 8));
            Vector128.Narrow(half.GetLower(), half.GetUpper()).AsByte().Store(to + i);
        }
        for (; i < count; i++) to[i] = (byte)((int)Math.Min(most, Math.Max(least, MathF.Round(from[i] / r.Scale))) + r.Zero);

        Vector256<int> Eight(float* at)
        {
            Vector256<float> value = Vector256.Round(Vector256.Load(at) / Vector256.Create(r.Scale));
            return Vector256.ConvertToInt32Native(Vector256.MinNative(Vector256.Create(most), Vector256.MaxNative(Vector256.Create(least), value))) + Vector256.Create(r.Zero);
        }
    }

    private void Dequantize(byte* from, float* to, int count)
    {
        ByteRange r = bytes.Range;
        for (int i = 0; i < count; i++) to[i] = ((r.Signed ? (sbyte)from[i] : from[i]) - r.Zero) * r.Scale;
    }
}
