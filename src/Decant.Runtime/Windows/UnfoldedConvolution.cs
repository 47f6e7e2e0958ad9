using System.Buffers;
using Decant.Runtime.Products;

namespace Decant.Runtime.Windows;

/// <summary>
/// A single-precision convolution as matrix products: the filters times the unfolded input, a strip of outputs at a
/// time.
/// </summary>
internal sealed class UnfoldedConvolution
{
    private const int StripBytes = 256 * 1024,
        LeastStrip = 64,
        MostStrip = 1024;
    private readonly WindowGeometry window;
    private readonly ConvolutionSize size;
    private readonly float[] x,
        y;
    private readonly float[]? bias;
    private readonly PackedLeft[] filters;
    private readonly int depth,
        strip,
        strips;

    public UnfoldedConvolution(
        WindowGeometry window,
        ConvolutionSize size,
        float[] x,
        float[] w,
        float[]? bias,
        float[] y,
        CancellationToken cancellation
    )
    {
        (this.window, this.size, this.x, this.bias, this.y) = (window, size, x, bias, y);
        depth = size.InputsPerGroup * window.Taps;
        filters =
        [
            .. Enumerable
                .Range(0, size.Groups)
                .Select(g => new PackedLeft(
                    MatrixView.RowMajor(w, g * size.OutputsPerGroup * depth, size.OutputsPerGroup, depth),
                    cancellation
                )),
        ];
        int fitting = StripBytes / sizeof(float) / Math.Max(1, depth) / Tile.Columns * Tile.Columns;
        strip = Math.Clamp(fitting, LeastStrip, MostStrip);
        strips = (window.OutputPlane + strip - 1) / strip;
    }

    /// <summary>
    /// Computes all outputs. Where images, groups and strips are fewer than the threads, output channels are cut as
    /// well.
    /// </summary>
    public void Run(Threads threads)
    {
        int whole = checked(size.Images * size.Groups * strips);
        int cuts = Math.Clamp((threads.Count + whole - 1) / whole, 1, filters[0].Panels);
        threads.For(checked(whole * cuts), piece =>
            Piece(piece / cuts, DenseProduct.Cut(filters[0].Panels, piece % cuts, cuts), threads.Token)
        );
    }

    private void Piece(int piece, Range panels, CancellationToken cancellation)
    {
        (piece, int part) = Math.DivRem(piece, strips);
        var (image, group) = Math.DivRem(piece, size.Groups);
        int from = part * strip,
            to = Math.Min(window.OutputPlane, from + strip);
        int output = (image * size.Outputs + group * size.OutputsPerGroup) * window.OutputPlane + from;
        FillBias(group, panels, output, to - from);
        float[] packed = ArrayPool<float>.Shared.Rent(PackedRight.Length(depth, to - from));
        Pack((image * size.Inputs + group * size.InputsPerGroup) * window.InputPlane, from, to, packed);
        MatrixProduct.Accumulate(
            filters[group],
            panels,
            packed,
            to - from,
            y,
            output,
            window.OutputPlane,
            cancellation
        );
        ArrayPool<float>.Shared.Return(packed);
    }

    private void FillBias(int group, Range panels, int output, int count)
    {
        if (bias is null)
            return;
        int end = Math.Min(size.OutputsPerGroup, panels.End.Value * Tile.Rows);
        for (int row = panels.Start.Value * Tile.Rows; row < end; row++)
            y.AsSpan(output + row * window.OutputPlane, count).Fill(bias[group * size.OutputsPerGroup + row]);
    }

    private void Pack(int start, int from, int to, float[] packed)
    {
        if (window.IsPointwise)
        {
            PackedRight.Pack(
                new MatrixView(x, start, depth, window.OutputPlane, window.OutputPlane, 1).Slice(from, to - from),
                packed
            );
            return;
        }
        float[] matrix = ArrayPool<float>.Shared.Rent(checked(depth * (to - from)));
        Unfold.Fill(window, x, start, size.InputsPerGroup, from, to, matrix);
        PackedRight.Pack(MatrixView.RowMajor(matrix, 0, depth, to - from), packed);
        ArrayPool<float>.Shared.Return(matrix);
    }
}

/// <summary>
/// Lays out what a convolution reads as a matrix (im2col): a row for each channel and tap, a column for each output.
/// </summary>
internal static class Unfold
{
    /// <summary>
    /// Fills the columns <paramref name="from"/> to <paramref name="to"/> (exclusive) of the matrix, row-major.
    /// </summary>
    /// <param name="window">The window.</param>
    /// <param name="x">The input.</param>
    /// <param name="start">Where the first channel's plane begins in it.</param>
    /// <param name="channels">How many channels.</param>
    /// <param name="from">The first output place.</param>
    /// <param name="to">The place after the last.</param>
    /// <param name="matrix">At least channels · taps · (to - from) numbers.</param>
    public static void Fill(
        WindowGeometry window,
        float[] x,
        int start,
        int channels,
        int from,
        int to,
        Span<float> matrix
    )
    {
        for (int channel = 0; channel < channels; channel++)
        {
            ReadOnlySpan<float> plane = x.AsSpan(start + channel * window.InputPlane, window.InputPlane);
            for (int outer = 0; outer < window.OuterTaps; outer++)
            for (int tap = 0; tap < window.RowTaps; tap++, matrix = matrix[(to - from)..])
                Line(window, plane, outer, tap, from, matrix[..(to - from)]);
        }
    }

    private static void Line(
        WindowGeometry window,
        ReadOnlySpan<float> plane,
        int outer,
        int tap,
        int from,
        Span<float> line
    )
    {
        var (row, column) = Math.DivRem(from, window.OutputWidth);
        while (!line.IsEmpty)
        {
            int count = Math.Min(line.Length, window.OutputWidth - column);
            int at = plane.IsEmpty ? -1 : window.InputRows[outer * window.OutputRows + row];
            if (at < 0)
                line[..count].Clear();
            else
                Copy(plane.Slice(at, window.InputWidth), window.Column(column, tap), window.RowStride, line[..count]);
            line = line[count..];
            (row, column) = (row + 1, 0);
        }
    }

    private static void Copy(ReadOnlySpan<float> row, int at, int stride, Span<float> to)
    {
        if (stride != 1)
        {
            for (int i = 0; i < to.Length; i++, at += stride)
                to[i] = (uint)at < (uint)row.Length ? row[at] : 0;
            return;
        }
        int low = Math.Clamp(-at, 0, to.Length),
            high = Math.Clamp(row.Length - at, low, to.Length);
        to[..low].Clear();
        if (high > low)
            row[(at + low)..(at + high)].CopyTo(to[low..]);
        to[high..].Clear();
    }
}
