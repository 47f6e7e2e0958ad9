using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Runtime.CompressedKernels.Int8;

/// <summary>Takes the exact sums of a panel's outputs for one row.</summary>
internal unsafe interface IInt8Sink
{
    /// <summary>
    /// Takes <paramref name="count"/> sums (of room for 16) of the outputs from <paramref name="output"/> on.
    /// </summary>
    void Take(int* sums, int row, int output, int count);
}

/// <summary>Sums as they are, offsets added.</summary>
internal readonly unsafe struct SumSink(int* to, Int8Rows rows, Requantization by) : IInt8Sink
{
    public void Take(int* sums, int row, int output, int count)
    {
        int* y = to + rows.At(row) + output;
        for (int i = 0; i < count; i++)
            y[i] = sums[i] + by.Offsets[output + i];
    }
}

/// <summary>Sums scaled to floats.</summary>
internal readonly unsafe struct FloatSink(float* to, Int8Rows rows, Requantization by) : IInt8Sink
{
    public void Take(int* sums, int row, int output, int count)
    {
        float* values = stackalloc float[Int8Weights.Columns];
        for (int i = 0; i < Int8Weights.Columns; i += 4)
        {
            Vector128<float> value = Scaled.Sums(by, sums + i, output + i);
            if (by.Relu)
                value = Vector128.Max(value, Vector128<float>.Zero);
            value.Store(values + i);
        }
        new ReadOnlySpan<float>(values, count).CopyTo(new Span<float>(to + rows.At(row) + output, count));
    }
}

/// <summary>Sums scaled to bytes, a residual of bytes (or nothing) added before.</summary>
internal readonly unsafe struct ByteSink(
    byte* to,
    Int8Rows rows,
    Requantization by,
    byte* residual,
    Int8Rows residualRows,
    bool wide
) : IInt8Sink
{
    public void Take(int* sums, int row, int output, int count)
    {
        if (wide && residual == null && count == Int8Weights.Columns)
        {
            Sixteen(sums, output).Store(to + rows.At(row) + output);
            return;
        }
        byte* bytes = stackalloc byte[Int8Weights.Columns];
        if (residual != null)
            new ReadOnlySpan<byte>(residual + residualRows.At(row) + output, count).CopyTo(
                new Span<byte>(bytes, count)
            );
        Vector128<short> low = Vector128.Narrow(Four(sums, bytes, output), Four(sums + 4, bytes + 4, output + 4));
        Vector128<short> high = Vector128.Narrow(
            Four(sums + 8, bytes + 8, output + 8),
            Four(sums + 12, bytes + 12, output + 12)
        );
        byte* y = to + rows.At(row) + output;
        if (count == Int8Weights.Columns)
        {
            Vector128.Narrow(low, high).AsByte().Store(y);
            return;
        }
        Vector128.Narrow(low, high).AsByte().Store(bytes);
        new ReadOnlySpan<byte>(bytes, count).CopyTo(new Span<byte>(y, count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<byte> Sixteen(int* sums, int output)
    {
        Vector512<int> sum = Vector512.Load(sums) + Vector512.LoadUnsafe(ref by.Offsets[output]);
        Vector512<float> value =
            Vector512.ConvertToSingle(sum) * Vector512.LoadUnsafe(ref by.Scales[output])
            + Vector512.LoadUnsafe(ref by.Biases[output]);
        value = Vector512.Max(
            Vector512.Create((float)(by.Low - by.Zero)),
            Vector512.Min(Vector512.Create((float)(by.High - by.Zero)), Vector512.Round(value))
        );
        return Avx512F.ConvertToVector128Byte(Vector512.ConvertToInt32(value) + Vector512.Create(by.Zero));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<int> Four(int* sums, byte* bytes, int output)
    {
        Vector128<float> value = Scaled.Sums(by, sums, output);
        if (residual != null)
        {
            Vector128<int> r = by.ResidualSigned
                ? Vector128.Create((sbyte)bytes[0], (sbyte)bytes[1], (sbyte)bytes[2], (sbyte)bytes[3])
                : Vector128.Create(bytes[0], bytes[1], bytes[2], (int)bytes[3]);
            value +=
                Vector128.ConvertToSingle(r - Vector128.Create(by.ResidualZero)) * Vector128.Create(by.ResidualScale);
        }
        value = Vector128.Max(
            Vector128.Create((float)(by.Low - by.Zero)),
            Vector128.Min(Vector128.Create((float)(by.High - by.Zero)), Vector128.Round(value))
        );
        return Vector128.ConvertToInt32(value) + Vector128.Create(by.Zero);
    }
}

/// <summary>(sum + offset) · scale + bias.</summary>
internal static unsafe class Scaled
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sums(Requantization by, int* sums, int output)
    {
        Vector128<int> sum = Vector128.Load(sums) + Vector128.LoadUnsafe(ref by.Offsets[output]);
        return Vector128.ConvertToSingle(sum) * Vector128.LoadUnsafe(ref by.Scales[output])
            + Vector128.LoadUnsafe(ref by.Biases[output]);
    }
}

/// <summary>
/// What becomes of an output's exact sum: (sum + Offset)·Scale, plus Bias, plus ResidualScale·(residual -
/// ResidualZero), each rounded to a float. Where the result is bytes, that is rounded half to even, Zero is added, and
/// it is held within Low and High.
/// </summary>
internal sealed class Requantization
{
    /// <summary>Folds an input's zero point into what is added to each sum.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="inputZero">The input's zero point, as the input's bytes are read: with or without sign.</param>
    /// <param name="inputSigned">Whether these have a sign.</param>
    /// <param name="scales">The input's scale times the weights' over the output's: one, or one an output.</param>
    /// <param name="integerBias">An integer an output, in steps of the input's scale times the weight's; or
    /// nothing.</param>
    public Requantization(
        Int8Weights weights,
        int inputZero,
        bool inputSigned,
        ReadOnlySpan<float> scales,
        ReadOnlySpan<int> integerBias = default
    )
    {
        int n = weights.Outputs,
            zero = inputZero + (inputSigned ? 128 : 0);
        if (scales.Length != 1 && scales.Length != n)
            throw new ArgumentException($"{scales.Length} scales for {n} outputs");
        if (integerBias.Length != 0 && integerBias.Length != n)
            throw new ArgumentException($"a bias of {integerBias.Length} elements for {n} outputs");
        (Offsets, Scales, Biases) = (new int[Padded(n)], new float[Padded(n)], new float[Padded(n)]);
        for (int i = 0; i < n; i++)
        {
            Offsets[i] = unchecked((integerBias.Length > 0 ? integerBias[i] : 0) - zero * weights.Sums[i]);
            Scales[i] = scales[scales.Length == 1 ? 0 : i];
        }
    }

    /// <summary>For each output, with room for a whole panel.</summary>
    public int[] Offsets { get; }

    /// <summary>As <see cref="Offsets"/>.</summary>
    public float[] Scales { get; }

    /// <summary>As <see cref="Offsets"/>: a float bias, in steps of the output's scale; zero unless set.</summary>
    public float[] Biases { get; }

    /// <summary>The output's zero point.</summary>
    public int Zero { get; init; }

    /// <summary>The least byte; the zero point for ReLU.</summary>
    public int Low { get; init; }

    /// <summary>The greatest byte.</summary>
    public int High { get; init; } = 255;

    /// <summary>Whether a float result is ReLU'd.</summary>
    public bool Relu { get; init; }

    /// <summary>The residual's scale over the output's; zero where there is none.</summary>
    public float ResidualScale { get; init; }

    /// <summary>The residual's zero point.</summary>
    public int ResidualZero { get; init; }

    /// <summary>Whether residuals are signed bytes.</summary>
    public bool ResidualSigned { get; init; }

    private static int Padded(int outputs) =>
        (outputs + Int8Weights.Columns - 1) / Int8Weights.Columns * Int8Weights.Columns;
}
