namespace Decant.Runtime.Windows;

/// <summary>Lays out what a convolution reads as a matrix (im2col): a row for each channel and tap, a column for each output.</summary>
internal static class Unfold
{
    /// <summary>Fills the columns <paramref name="from"/> to <paramref name="to"/> (exclusive) of the matrix, row-major.</summary>
    /// <param name="window">The window.</param>
    /// <param name="x">The input.</param>
    /// <param name="start">Where the first channel's plane begins in it.</param>
    /// <param name="channels">How many channels.</param>
    /// <param name="from">The first output place.</param>
    /// <param name="to">The place after the last.</param>
    /// <param name="matrix">At least channels · taps · (to - from) numbers.</param>
    public static void Fill(WindowGeometry window, float[] x, int start, int channels, int from, int to, Span<float> matrix)
    {
        for (int channel = 0; channel < channels; channel++)
        {
            ReadOnlySpan<float> plane = x.AsSpan(start + channel * window.InputPlane, window.InputPlane);
            for (int outer = 0; outer < window.OuterTaps; outer++)
                for (int tap = 0; tap < window.RowTaps; tap++, matrix = matrix[(to - from)..])
                    Line(window, plane, outer, tap, from, matrix[..(to - from)]);
        }
    }

    private static void Line(WindowGeometry window, ReadOnlySpan<float> plane, int outer, int tap, int from, Span<float> line)
    {
        var (row, column) = Math.DivRem(from, window.OutputWidth);
        while (!line.IsEmpty)
        {
            int count = Math.Min(line.Length, window.OutputWidth - column);
            int at = plane.IsEmpty ? -1 : window.InputRows[outer * window.OutputRows + row];
            if (at < 0) line[..count].Clear();
            else Copy(plane.Slice(at, window.InputWidth), window.Column(column, tap), window.RowStride, line[..count]);
            line = line[count..];
            (row, column) = (row + 1, 0);
        }
    }

    private static void Copy(ReadOnlySpan<float> row, int at, int stride, Span<float> to)
    {
        if (stride != 1)
        {
            for (int i = 0; i < to.Length; i++, at += stride) to[i] = (uint)at < (uint)row.Length ? row[at] : 0;
            return;
        }
        int low = Math.Clamp(-at, 0, to.Length), high = Math.Clamp(row.Length - at, low, to.Length);
        to[..low].Clear();
        if (high > low) row[(at + low)..(at + high)].CopyTo(to[low..]);
        to[high..].Clear();
    }
}
