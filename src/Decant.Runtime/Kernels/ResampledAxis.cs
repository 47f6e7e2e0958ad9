using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Samples one axis of a tensor anew: a sparse matrix times each of its rows.</summary>
internal static class ResampledAxis
{
    /// <summary>The tensor with its axis sampled.</summary>
    /// <param name="x">The tensor, (outer, input, inner).</param>
    /// <param name="table">Which inputs each output reads, and how much each counts.</param>
    /// <param name="inner">The product of the extents behind the axis.</param>
    /// <param name="threads">How to spread work.</param>
    public static T[] Run<T>(T[] x, Operators.ResampleTable table, int inner, Threads threads) where T : unmanaged, IFloatingPointIeee754<T>
    {
        int outer = inner == 0 ? 0 : x.Length / table.Input / inner, taps = table.Taps;
        var y = new T[checked(outer * table.Output * inner)];
        T[] weights = Array.ConvertAll(table.Weights.ToArray(), T.CreateTruncating);
        int[] indices = table.Indices.ToArray();
        threads.Ranges(outer * table.Output, Math.Max(1, (1 << 14) / Math.Max(1, inner * taps)), (first, end) =>
        {
            for (int row = first; row < end; row++)
            {
                var (start, o) = Math.DivRem(row, table.Output);
                ReadOnlySpan<T> from = x.AsSpan(start * table.Input * inner, table.Input * inner);
                ReadOnlySpan<int> places = indices.AsSpan(o * taps, taps);
                ReadOnlySpan<T> shares = weights.AsSpan(o * taps, taps);
                if (inner == 1) y[row] = One(from, places, shares);
                else Row(from, places, shares, y.AsSpan(row * inner, inner));
            }
        });
        return y;
    }

    private static T One<T>(ReadOnlySpan<T> from, ReadOnlySpan<int> places, ReadOnlySpan<T> shares) where T : INumber<T>
    {
        T sum = T.Zero;
        for (int t = 0; t < places.Length; t++) sum += from[places[t]] * shares[t];
        return sum;
    }

    private static void Row<T>(ReadOnlySpan<T> from, ReadOnlySpan<int> places, ReadOnlySpan<T> shares, Span<T> to) where T : unmanaged, INumber<T>
    {
        int i = 0;
        for (; i <= to.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            Vector<T> sum = Vector<T>.Zero;
            for (int t = 0; t < places.Length; t++) sum += new Vector<T>(from[(places[t] * to.Length + i)..]) * shares[t];
            sum.CopyTo(to[i..]);
        }
        for (; i < to.Length; i++)
        {
            T sum = T.Zero;
            for (int t = 0; t < places.Length; t++) sum += from[places[t] * to.Length + i] * shares[t];
            to[i] = sum;
        }
    }
}
