using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Runtime.Forms.Binary;

/// <summary>
/// Counts signs that differ for 256 outputs at once, a bit an output: carry-save adders (Muła, Kurz, Lemire 2018, "Faster Population Counts
/// Using AVX2 Instructions"), of which the first are looked up: three channels of an input pick the sums of three differences, whose ones
/// fill the lower half of a vector and whose twos the upper. Vector k of a state holds, in its halves, sums' bits worth 2^k and 2^(k+1).
/// </summary>
internal sealed unsafe class SignAdders
{
    /// <summary>Outputs of a block.</summary>
    public const int Outputs = 256;

    /// <summary>Channels of a group; a packed group is a byte, its pattern times 8.</summary>
    public const int Bits = 3, Shift = 3;

    private const int Patterns = 1 << Bits, Together = 8, Table = Patterns * 64, Low = 4;
    private static readonly Vector512<byte> Identity = Vector512.Create(0x8040201008040201).AsByte();
    private readonly BinaryPlan plan;
    private readonly int planes;
    private readonly Aligned<byte> tables;

    /// <summary>Prepares signs, a bit each, outputs × channels × kernel rows × kernel columns.</summary>
    public SignAdders(ReadOnlySpan<byte> signs, int outputs, BinaryPlan plan)
    {
        this.plan = plan;
        Groups = ((plan.Channels + Bits - 1) / Bits + Together - 1) / Together * Together;
        int taps = plan.KernelHeight * plan.KernelWidth;
        planes = Math.Max(Low, 32 - BitOperations.LeadingZeroCount((uint)(taps * ((plan.Channels + Bits - 1) / Bits))));
        tables = new Aligned<byte>(checked((outputs + Outputs - 1) / Outputs * taps * Groups * Table));
        for (int o = 0; o < outputs; o++)
            for (int tap = 0; tap < taps; tap++)
                for (int channel = 0; channel < plan.Channels; channel += Bits)
                    Fill(signs, o, tap, channel, taps);
    }

    /// <summary>Whether this processor has what is needed.</summary>
    public static bool IsSupported => Avx512Vbmi.IsSupported && Gfni.V512.IsSupported;

    /// <summary>Bytes of a packed pixel; what is no channel is 0.</summary>
    public int Groups { get; }

    /// <summary>Bytes of the sums of a pixel.</summary>
    public int StateLength => planes * 64;

    /// <summary>Sums the differences of some output pixels.</summary>
    /// <param name="x">The packed image, without padding.</param>
    /// <param name="block">Which outputs.</param>
    /// <param name="from">The first output pixel.</param>
    /// <param name="to">The pixel after the last.</param>
    /// <param name="states">A state for each pixel, zeros.</param>
    public void Count(byte* x, int block, int from, int to, byte* states)
    {
        Vector512<ulong>* carries = stackalloc Vector512<ulong>[(Groups + 15) / 16];
        byte* table = tables.Pointer + (nint)block * plan.KernelHeight * plan.KernelWidth * Groups * Table;
        for (int y = 0; y < plan.KernelHeight; y++)
            for (int z = 0; z < plan.KernelWidth; z++, table += (nint)Groups * Table)
            {
                var (row, column) = Math.DivRem(from, plan.OutputWidth);
                byte* state = states;
                for (int pixel = from; pixel < to; pixel++, state += StateLength)
                {
                    int r = row * plan.StrideY + y - plan.Top, c = column * plan.StrideX + z - plan.Left;
                    if (++column == plan.OutputWidth) (row, column) = (row + 1, 0);
                    if ((uint)r < (uint)plan.InputHeight && (uint)c < (uint)plan.InputWidth)
                        Tap(x + ((nint)r * plan.InputWidth + c) * Groups, table, Groups, (Vector512<ulong>*)state, planes, carries);
                }
            }
    }

    /// <summary>Turns a state into 256 counts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Finish(byte* state, ushort* counts)
    {
        Vector256<ulong>* sums = stackalloc Vector256<ulong>[16];
        Vector256<ulong>* halves = (Vector256<ulong>*)state;
        Vector256<ulong> carry = default, upper = default;
        for (int k = 0; k < planes; k++)
        {
            Vector256<ulong> a = halves[2 * k];
            // A matrix has its last row first.
            sums[k ^ 7] = Avx512F.VL.TernaryLogic(a, upper, carry, 0x96);
            carry = Avx512F.VL.TernaryLogic(a, upper, carry, 0xE8);
            upper = halves[2 * k + 1];
        }
        if (planes < 16) sums[planes ^ 7] = upper ^ carry;
        if (planes < 15) sums[planes + 1 ^ 7] = upper & carry;
        for (int k = planes + 2; k < 16; k++) sums[k ^ 7] = default;
        ulong* low = (ulong*)sums, high = low + 32;
        Vector512<long> places = Vector512.Create(0L, 4, 8, 12, 16, 20, 24, 28);
        for (int i = 0; i < 4; i++, low++, high++, counts += 64)
        {
            Vector512<byte> a = Eight(low), b = Eight(high);
            Avx512BW.UnpackLow(a, b).AsUInt16().Store(counts);
            Avx512BW.UnpackHigh(a, b).AsUInt16().Store(counts + 32);
        }
    }

    private static Vector512<byte> Eight(ulong* planes)
    {
        Vector512<byte> bytes = Vector512.Create(planes[0], planes[4], planes[8], planes[12], planes[16], planes[20], planes[24], planes[28]).AsByte();
        return Gfni.V512.GaloisFieldAffineTransform(Identity, Avx512Vbmi.PermuteVar64x8(bytes, Turn), 0);
    }

    private static readonly Vector512<byte> Turn = Vector512.Create([.. Enumerable.Range(0, 64).Select(i => (byte)(i % 8 * 8 + i / 8))]);

    /// <summary>Adds a tap of a pixel: eight groups by seven adders, whose carries are worth 8; these two by two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tap(byte* x, byte* t, nint groups, Vector512<ulong>* state, int planes, Vector512<ulong>* carries)
    {
        Vector512<ulong> s0 = state[0], s1 = state[1], s2 = state[2], s3 = state[3];
        int n = 0;
        for (; groups > 0; groups -= 16)
        {
            Vector512<ulong> a = At(t, x[0]), b = At(t + Table, x[1]), c = At(t + 2 * Table, x[2]);
            Vector512<ulong> c0 = Carry(a, b, c);
            Vector512<ulong> u = Sum(a, b, c);
            (a, b, c) = (At(t + 3 * Table, x[3]), At(t + 4 * Table, x[4]), At(t + 5 * Table, x[5]));
            Vector512<ulong> c1 = Carry(a, b, c);
            Vector512<ulong> v = Sum(a, b, c);
            (a, b) = (At(t + 6 * Table, x[6]), At(t + 7 * Table, x[7]));
            Vector512<ulong> c2 = Carry(a, b, u);
            u = Sum(a, b, u);
            Vector512<ulong> c3 = Carry(u, v, s0);
            s0 = Sum(u, v, s0);
            Vector512<ulong> d0 = Carry(c0, c1, c2);
            c0 = Sum(c0, c1, c2);
            Vector512<ulong> d1 = Carry(c0, c3, s1);
            s1 = Sum(c0, c3, s1);
            Vector512<ulong> e0 = Carry(d0, d1, s2);
            s2 = Sum(d0, d1, s2);
            if (groups == 8)
            {
                carries[n++] = s3 & e0;
                s3 ^= e0;
                break;
            }
            t += 8 * Table;
            (a, b, c) = (At(t, x[8]), At(t + Table, x[9]), At(t + 2 * Table, x[10]));
            c0 = Carry(a, b, c);
            u = Sum(a, b, c);
            (a, b, c) = (At(t + 3 * Table, x[11]), At(t + 4 * Table, x[12]), At(t + 5 * Table, x[13]));
            c1 = Carry(a, b, c);
            v = Sum(a, b, c);
            (a, b) = (At(t + 6 * Table, x[14]), At(t + 7 * Table, x[15]));
            c2 = Carry(a, b, u);
            u = Sum(a, b, u);
            c3 = Carry(u, v, s0);
            s0 = Sum(u, v, s0);
            d0 = Carry(c0, c1, c2);
            c0 = Sum(c0, c1, c2);
            d1 = Carry(c0, c3, s1);
            s1 = Sum(c0, c3, s1);
            Vector512<ulong> e1 = Carry(d0, d1, s2);
            s2 = Sum(d0, d1, s2);
            carries[n++] = Carry(e0, e1, s3);
            s3 = Sum(e0, e1, s3);
            t += 8 * Table;
            x += 16;
        }
        (state[0], state[1], state[2], state[3]) = (s0, s1, s2, s3);
        for (int k = Low; n > 0 && k < planes; k++)
        {
            Vector512<ulong> s = state[k];
            int m = 0, i = 0;
            for (; i + 2 <= n; i += 2)
            {
                Vector512<ulong> a = carries[i], b = carries[i + 1];
                carries[m++] = Carry(a, b, s);
                s = Sum(a, b, s);
            }
            if (i < n)
            {
                Vector512<ulong> a = carries[i];
                carries[m++] = a & s;
                s ^= a;
            }
            state[k] = s;
            n = m;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> At(byte* table, byte group) => Vector512.Load((ulong*)(table + (nint)group * 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Sum(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c) => Avx512F.TernaryLogic(a, b, c, 0x96);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Carry(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c) => Avx512F.TernaryLogic(a, b, c, 0xE8);

    private void Fill(ReadOnlySpan<byte> signs, int output, int tap, int channel, int taps)
    {
        int pattern = 0;
        for (int i = 0; i < Math.Min(Bits, plan.Channels - channel); i++)
        {
            int at = output * plan.Depth + (channel + i) * taps + tap;
            if ((signs[at / 8] >> at % 8 & 1) == 0) pattern |= 1 << i;
        }
        var (block, o) = Math.DivRem(output, Outputs);
        byte* table = tables.Pointer + ((nint)(block * taps + tap) * Groups + channel / Bits) * Table;
        // Counts leave as two unpacked halves of 64: octets of outputs lie so that they leave in order.
        int octet = o / 8 % 8, place = o / 64 * 8 + octet % 4 * 2 + octet / 4;
        for (int p = 0; p < Patterns; p++, table += 64)
        {
            int n = BitOperations.PopCount((uint)(p ^ pattern));
            if ((n & 1) != 0) table[place] |= (byte)(1 << o % 8);
            if ((n & 2) != 0) table[32 + place] |= (byte)(1 << o % 8);
        }
    }
}
