using System.Buffers;
using Decant.Runtime.Products;

namespace Decant.Runtime.Windows;

/// <summary>
/// A single-precision transposed convolution as matrix products: the filters transposed times the input, a strip of
/// places at a time, whose rows (a channel and tap each) are then added where that tap lies on the result (col2im).
/// </summary>
internal sealed class FoldedConvolution
{
    private const int StripBytes = 512 * 1024,
        LeastStrip = 64,
        LeastRows = 48;
    private readonly WindowGeometry window;
    private readonly ConvolutionSize size;
    private readonly float[] x,
        w,
        y;
    private readonly float[]? bias;
    private readonly int block,
        blocks,
        strip;

    public FoldedConvolution(
        WindowGeometry window,
        ConvolutionSize size,
        float[] x,
        float[] w,
        float[]? bias,
        float[] y
    )
    {
        (this.window, this.size, this.x, this.w, this.bias, this.y) = (window, size, x, w, bias, y);
        block = Math.Clamp((LeastRows + window.Taps - 1) / Math.Max(1, window.Taps), 1, size.OutputsPerGroup);
        blocks = (size.OutputsPerGroup + block - 1) / block;
        strip = Math.Max(LeastStrip, StripBytes / sizeof(float) / Math.Max(1, block * window.Taps));
    }

    /// <summary>
    /// Computes all outputs: a piece is some output channels of one image, so that no two pieces add to the same
    /// number.
    /// </summary>
    public void Run(Threads threads) => threads.For(checked(size.Groups * blocks), piece =>
        {
            var (group, part) = Math.DivRem(piece, blocks);
            int first = part * block,
                count = Math.Min(block, size.OutputsPerGroup - first);
            PackedLeft filters = Filters(group, first, count, threads.Token);
            for (int image = 0; image < size.Images; image++)
            {
                int channel = group * size.OutputsPerGroup + first,
                    plane = image * size.Outputs + channel;
                for (int c = 0; c < count; c++)
                    y.AsSpan((plane + c) * window.InputPlane, window.InputPlane)
                        .Fill(bias is null ? 0 : bias[channel + c]);
                for (int from = 0; from < window.OutputPlane; from += strip)
                    Strip(
                        filters,
                        (image * size.Inputs + group * size.InputsPerGroup) * window.OutputPlane,
                        from,
                        Math.Min(window.OutputPlane, from + strip),
                        plane,
                        count,
                        threads.Token
                    );
            }
        });

    /// <summary>
    /// The filters of neighbouring output channels: a row a channel and tap, a column an input channel.
    /// </summary>
    private PackedLeft Filters(int group, int first, int count, CancellationToken cancellation)
    {
        int stride = size.OutputsPerGroup * window.Taps;
        return new PackedLeft(
            new MatrixView(
                w,
                group * size.InputsPerGroup * stride + first * window.Taps,
                count * window.Taps,
                size.InputsPerGroup,
                1,
                stride
            ),
            cancellation
        );
    }

    private void Strip(
        PackedLeft filters,
        int start,
        int from,
        int to,
        int plane,
        int count,
        CancellationToken cancellation
    )
    {
        int width = to - from,
            rows = count * window.Taps;
        float[] packed = ArrayPool<float>.Shared.Rent(PackedRight.Length(size.InputsPerGroup, width));
        float[] matrix = ArrayPool<float>.Shared.Rent(checked(rows * width));
        PackedRight.Pack(
            new MatrixView(x, start, size.InputsPerGroup, window.OutputPlane, window.OutputPlane, 1).Slice(from, width),
            packed
        );
        matrix.AsSpan(0, rows * width).Clear();
        MatrixProduct.Accumulate(filters, .., packed, width, matrix, 0, width, cancellation);
        for (int row = 0; row < rows; row++)
        {
            var (c, tap) = Math.DivRem(row, window.Taps);
            Fold(
                matrix.AsSpan(row * width, width),
                tap,
                from,
                y.AsSpan((plane + c) * window.InputPlane, window.InputPlane)
            );
        }
        ArrayPool<float>.Shared.Return(packed);
        ArrayPool<float>.Shared.Return(matrix);
    }

    /// <summary>Adds what one tap gives for neighbouring places, line by line.</summary>
    private void Fold(ReadOnlySpan<float> line, int tap, int from, Span<float> to)
    {
        var (outer, along) = Math.DivRem(tap, window.RowTaps);
        var (row, column) = Math.DivRem(from, window.OutputWidth);
        while (!line.IsEmpty)
        {
            int count = Math.Min(line.Length, window.OutputWidth - column),
                start = window.InputRows[outer * window.OutputRows + row];
            if (start >= 0)
                AddLine(
                    line[..count],
                    window.Column(column, along),
                    window.RowStride,
                    to.Slice(start, window.InputWidth)
                );
            line = line[count..];
            (row, column) = (row + 1, 0);
        }
    }

    private static void AddLine(ReadOnlySpan<float> from, int at, int stride, Span<float> to)
    {
        for (int i = 0; i < from.Length; i++, at += stride)
            if ((uint)at < (uint)to.Length)
                to[at] += from[i];
    }
}
