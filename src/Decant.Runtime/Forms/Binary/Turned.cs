using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Runtime.Forms.Binary;

/// <summary>Squares of 8×8 floats, rows and columns exchanged.</summary>
internal static unsafe class Turned
{
    /// <summary>Stores column i of a square as row i, <paramref name="stride"/> apart.</summary>
    public static void Store(float* square, float* to, nint stride)
    {
        for (int half = 0; half < 8; half += 4, square += 4)
        {
            Vector256<float> r0 = Rows(square), r1 = Rows(square + 8), r2 = Rows(square + 16), r3 = Rows(square + 24);
            Vector256<float> a = Avx.UnpackLow(r0, r1), b = Avx.UnpackHigh(r0, r1), c = Avx.UnpackLow(r2, r3), d = Avx.UnpackHigh(r2, r3);
            Avx.Shuffle(a, c, 0b01_00_01_00).Store(to);
            Avx.Shuffle(a, c, 0b11_10_11_10).Store(to + stride);
            Avx.Shuffle(b, d, 0b01_00_01_00).Store(to + 2 * stride);
            Avx.Shuffle(b, d, 0b11_10_11_10).Store(to + 3 * stride);
            to += 4 * stride;
        }
    }

    private static Vector256<float> Rows(float* at) => Vector256.Create(Vector128.Load(at), Vector128.Load(at + 32));
}
