using System.Runtime.Intrinsics;
using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>The sum of two images of bytes, each with its own scale, clamped and rounded half to even to bytes again.</summary>
internal sealed unsafe class ByteAdd(ByteImage a, ByteImage b, ByteImage y, float low, float high) : Stage
{
    private readonly float least = y.Range.Of(low) - y.Range.Zero, most = y.Range.Of(high) - y.Range.Zero;

    public override IEnumerable<PlanBuffer> Buffers => [a.Buffer, b.Buffer, y.Buffer];

    public override void Bind() => y.FillBorder();

    public override void Run(int piece, float* scratch)
    {
        for (int n = 0; n < y.Images; n++)
            for (int row = 0; row < y.Height; row++)
                Row(a.Address + (nint)n * a.ImageStride + a.At(row, 0), b.Address + (nint)n * b.ImageStride + b.At(row, 0), y.Address + (nint)n * y.ImageStride + y.At(row, 0), y.Width * y.Channels);
    }

    private void Row(byte* left, byte* right, byte* to, int count)
    {
        int i = 0;
        if (!a.Range.Signed && !b.Range.Signed)
            for (; i <= count - 16; i += 16)
            {
                Vector256<short> half = Vector256.Narrow(Eight(left + i, right + i), Eight(left + i + 8, right + i + 8));
                Vector128.Narrow(half.GetLower(), half.GetUpper()).AsByte().Store(to + i);
            }
        for (; i < count; i++)
        {
            float sum = (Number(left[i], a.Range) * a.Range.Scale + Number(right[i], b.Range) * b.Range.Scale) / y.Range.Scale;
            to[i] = (byte)((int)Math.Min(most, Math.Max(least, MathF.Round(sum))) + y.Range.Zero);
        }
    }

    private Vector256<int> Eight(byte* left, byte* right)
    {
        Vector256<float> sum = (Numbers(left, a.Range) + Numbers(right, b.Range)) / Vector256.Create(y.Range.Scale);
        return Vector256.ConvertToInt32Native(Vector256.MinNative(Vector256.Create(most), Vector256.MaxNative(Vector256.Create(least), Vector256.Round(sum)))) + Vector256.Create(y.Range.Zero);
    }

    private static Vector256<float> Numbers(byte* at, ByteRange range)
    {
        Vector128<ushort> wide = Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)at).AsByte());
        Vector256<int> codes = Vector256.Create(Vector128.WidenLower(wide), Vector128.WidenUpper(wide)).AsInt32();
        return Vector256.ConvertToSingle(codes - Vector256.Create(range.Zero)) * Vector256.Create(range.Scale);
    }

    private static int Number(byte code, ByteRange range) => (range.Signed ? (sbyte)code : code) - range.Zero;
}
