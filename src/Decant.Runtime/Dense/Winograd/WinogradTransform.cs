using System.Runtime.CompilerServices;
using Decant.Runtime.Vectors;

namespace Decant.Runtime.Dense.Winograd;

/// <summary>
/// The transforms of F(4×4, 3×3) with the points 0, ±1, ±2 and ∞ (Lavin and Gray 2016), for one vector of
/// channels of one tile.
/// </summary>
internal static unsafe class WinogradTransform<V, S>
    where V : unmanaged
    where S : struct, ISimd<V>
{
    /// <summary>Bᵀ d B: 6×6 pixels of the input to 36 numbers of the domain.</summary>
    /// <param name="from">The tile's first pixel.</param>
    /// <param name="row">Floats from a row to the next.</param>
    /// <param name="pixel">Floats from a pixel to the next.</param>
    /// <param name="to">The first product's number.</param>
    /// <param name="product">Floats from a product's number to the next one's.</param>
    /// <param name="half">Room for 36 vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Input(float* from, nint row, nint pixel, float* to, nint product, float* half)
    {
        nint line = 6 * S.Count;
        for (int x = 0; x < 6; x++, from += pixel)
            InputLine(from, row, half + x * S.Count, line);
        for (int i = 0; i < 6; i++, half += line, to += 6 * product)
            InputLine(half, S.Count, to, product);
    }

    /// <summary>Aᵀ m A: 36 sums of products to 4×4 numbers of the output, in rows of 4 vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Output(float* from, nint product, float* to, float* half)
    {
        nint line = 6 * S.Count;
        for (int x = 0; x < 6; x++, from += product)
            OutputLine(from, 6 * product, half + x * S.Count, line);
        for (int i = 0; i < 4; i++, half += line, to += 4 * S.Count)
            OutputLine(half, S.Count, to, S.Count);
    }

    /// <summary>G g Gᵀ: 3×3 taps, a vector of filters each, to 36 numbers of the domain.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Filter(float* taps, float* to, nint product)
    {
        float* half = stackalloc float[18 * S.Count];
        for (int x = 0; x < 3; x++)
            FilterLine(taps + x * S.Count, 3 * S.Count, half + x * S.Count, 3 * S.Count);
        for (int i = 0; i < 6; i++, half += 3 * S.Count, to += 6 * product)
            FilterLine(half, S.Count, to, product);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputLine(float* from, nint step, float* to, nint stride)
    {
        V two = S.Broadcast(2),
            four = S.Broadcast(4),
            five = S.Broadcast(-5);
        V d0 = S.Load(from),
            d1 = S.Load(from + step),
            d2 = S.Load(from + 2 * step),
            d3 = S.Load(from + 3 * step),
            d4 = S.Load(from + 4 * step),
            d5 = S.Load(from + 5 * step);
        V even = S.Subtract(d4, S.Multiply(four, d2)),
            odd = S.Subtract(d3, S.Multiply(four, d1));
        V even2 = S.Subtract(d4, d2),
            odd2 = S.Multiply(two, S.Subtract(d3, d1));
        S.Store(S.MultiplyAdd(four, d0, S.MultiplyAdd(five, d2, d4)), to);
        S.Store(S.Add(even, odd), to + stride);
        S.Store(S.Subtract(even, odd), to + 2 * stride);
        S.Store(S.Add(even2, odd2), to + 3 * stride);
        S.Store(S.Subtract(even2, odd2), to + 4 * stride);
        S.Store(S.MultiplyAdd(four, d1, S.MultiplyAdd(five, d3, d5)), to + 5 * stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputLine(float* from, nint step, float* to, nint stride)
    {
        V two = S.Broadcast(2),
            four = S.Broadcast(4),
            eight = S.Broadcast(8);
        V m0 = S.Load(from),
            m1 = S.Load(from + step),
            m2 = S.Load(from + 2 * step),
            m3 = S.Load(from + 3 * step),
            m4 = S.Load(from + 4 * step),
            m5 = S.Load(from + 5 * step);
        V sum = S.Add(m1, m2),
            difference = S.Subtract(m1, m2),
            sum2 = S.Add(m3, m4),
            difference2 = S.Subtract(m3, m4);
        S.Store(S.Add(m0, S.Add(sum, sum2)), to);
        S.Store(S.MultiplyAdd(two, difference2, difference), to + stride);
        S.Store(S.MultiplyAdd(four, sum2, sum), to + 2 * stride);
        S.Store(S.Add(S.MultiplyAdd(eight, difference2, difference), m5), to + 3 * stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FilterLine(float* from, nint step, float* to, nint stride)
    {
        V g0 = S.Load(from),
            g1 = S.Load(from + step),
            g2 = S.Load(from + 2 * step);
        V sum = S.Multiply(S.Broadcast(-1 / 6f), S.Add(g0, g2)),
            middle = S.Multiply(S.Broadcast(1 / 6f), g1);
        V sum2 = S.Add(S.Multiply(S.Broadcast(1 / 24f), g0), S.Multiply(S.Broadcast(1 / 6f), g2)),
            middle2 = S.Multiply(S.Broadcast(1 / 12f), g1);
        S.Store(S.Multiply(S.Broadcast(1 / 4f), g0), to);
        S.Store(S.Subtract(sum, middle), to + stride);
        S.Store(S.Add(sum, middle), to + 2 * stride);
        S.Store(S.Add(sum2, middle2), to + 3 * stride);
        S.Store(S.Subtract(sum2, middle2), to + 4 * stride);
        S.Store(g2, to + 5 * stride);
    }
}

/// <summary>Where a tile's sums go, and what is added to them on the way.</summary>
internal unsafe struct WinogradPlace
{
    public float* Output,
        Residual,
        Bias;
    public int OutputRow,
        OutputPixel,
        ResidualRow,
        ResidualPixel;
    public float Low,
        High;
}

/// <summary>
/// Writes 4×4 pixels of one vector of channels: bias and residual are added, then the sums are clamped.
/// </summary>
internal static unsafe class WinogradEnd<V, S>
    where V : unmanaged
    where S : struct, ISimd<V>
{
    /// <param name="sums">16 vectors, row by row.</param>
    /// <param name="end">What is added, and where it goes.</param>
    /// <param name="rows">Rows of the tile that are inside the image.</param>
    /// <param name="columns">Columns of the tile that are inside the image.</param>
    public static void Write(float* sums, ref WinogradPlace end, int rows, int columns)
    {
        V bias = S.Load(end.Bias),
            low = S.Broadcast(end.Low),
            high = S.Broadcast(end.High);
        float* to = end.Output,
            residual = end.Residual;
        for (int y = 0; y < rows; y++, sums += 4 * S.Count, to += end.OutputRow)
        {
            for (int x = 0; x < columns; x++)
            {
                V sum = S.Add(S.Load(sums + x * S.Count), bias);
                if (residual != null)
                    sum = S.Add(sum, S.Load(residual + x * end.ResidualPixel));
                S.Store(S.Min(high, S.Max(low, sum)), to + x * end.OutputPixel);
            }
            if (residual != null)
                residual += end.ResidualRow;
        }
    }
}
