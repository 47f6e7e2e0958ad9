using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Techniques.Statistics;

/// <summary>
/// The vectors that each row of a layer's weight, as a matrix [out, in·kh·kw], is multiplied by: one an example, of a
/// convolution one a place of its output, of MatMul one a row of its input.
/// </summary>
public sealed class LayerInputs
{
    private readonly Conv? convolution;
    private readonly int channels,
        height,
        width;
    private readonly double factor = 1;

    /// <summary>Finds them.</summary>
    /// <param name="network">The network.</param>
    /// <param name="layer">One of its nodes that <see cref="CanBeHad"/>.</param>
    public LayerInputs(Network network, Node layer)
    {
        Activation = layer.Inputs[0];
        Shape weight = network.Weights[layer.Inputs[1]].Encoding.Shape;
        switch (layer.Operator)
        {
            case Conv conv:
                convolution = conv;
                (channels, height, width) = (weight[1], weight[2], weight[3]);
                Size = channels * height * width;
                break;
            case Gemm gemm:
                Size = weight[gemm.TransB ? 1 : 0];
                factor = gemm.Alpha;
                break;
            default:
                Size = weight[0];
                break;
        }
    }

    /// <summary>The activation that they are made of.</summary>
    public string Activation { get; }

    /// <summary>Elements of a vector.</summary>
    public int Size { get; }

    /// <summary>
    /// Whether a layer's inputs can be had: of MatMul and Gemm by a matrix, and of Conv in two dimensions without
    /// groups.
    /// </summary>
    public static bool CanBeHad(Network network, Node layer) =>
        layer.Inputs.Length > 1
        && network.Weights.TryGet(layer.Inputs[1], out Weight? w)
        && !network.Weights.TryGet(layer.Inputs[0], out _)
        && layer.Operator switch
        {
            Conv conv => conv.Group == 1 && w.Encoding.Shape.Rank == 4,
            Gemm gemm => !gemm.TransA && w.Encoding.Shape.Rank == 2,
            MatMul => w.Encoding.Shape.Rank == 2,
            _ => false,
        };

    /// <summary>The layer of an output.</summary>
    /// <exception cref="ModelException">No layer whose inputs can be had makes it.</exception>
    public static Node LayerOf(Network network, string output) =>
        network.Graph.Producer(output) is { } layer && CanBeHad(network, layer)
            ? layer
            : throw new ModelException($"'{output}' is the output of no layer whose inputs can be observed");

    /// <summary>How many vectors an activation holds.</summary>
    public int CountIn(Activation x) =>
        convolution is null ? x.Values.Length / Size : x.Count * new Places(this, x).Count;

    /// <summary>Writes vectors down as columns of a matrix.</summary>
    /// <param name="x">The activation.</param>
    /// <param name="from">The first vector.</param>
    /// <param name="count">How many.</param>
    /// <param name="matrix">The matrix, row-major: a row for each element.</param>
    /// <param name="columns">Columns of the matrix.</param>
    /// <param name="column">The column of the first.</param>
    internal void CopyTo(Activation x, int from, int count, Span<double> matrix, int columns, int column)
    {
        if (convolution is null)
        {
            ReadOnlySpan<float> values = x.Values.Slice(from * Size, count * Size);
            for (int v = 0; v < count; v++)
            for (int i = 0; i < Size; i++)
                matrix[i * columns + column + v] = factor * values[v * Size + i];
            return;
        }
        var places = new Places(this, x);
        for (int done = 0, part; done < count; done += part)
        {
            int example = (from + done) / places.Count,
                place = (from + done) % places.Count;
            part = Math.Min(count - done, places.Count - place);
            CopyPlaces(x[example], places, place, part, matrix, columns, column + done);
        }
    }

    /// <summary>Adds all vectors of an activation to their sums.</summary>
    internal void AddTo(Activation x, Span<double> sums)
    {
        if (convolution is null)
        {
            ReadOnlySpan<float> values = x.Values;
            for (int at = 0; at < values.Length; at += Size)
            for (int i = 0; i < Size; i++)
                sums[i] += factor * values[at + i];
            return;
        }
        var places = new Places(this, x);
        var rows = new double[width];
        var running = new double[places.InputWidth];
        for (int example = 0; example < x.Count; example++)
        for (int c = 0; c < channels; c++)
        for (int y = 0; y < places.InputHeight; y++)
        {
            ReadOnlySpan<float> row = x[example]
                .Slice((c * places.InputHeight + y) * places.InputWidth, places.InputWidth);
            SumRow(row, places, running, rows);
            for (int ky = 0; ky < height; ky++)
                if (places.IsRead(y, ky))
                    for (int kx = 0; kx < width; kx++)
                        sums[(c * height + ky) * width + kx] += rows[kx];
        }
    }

    private void CopyPlaces(
        ReadOnlySpan<float> image,
        Places places,
        int place,
        int count,
        Span<double> matrix,
        int columns,
        int column
    )
    {
        int plane = places.InputHeight * places.InputWidth;
        for (int i = 0; i < Size; i++)
        {
            int ky = i / width % height,
                kx = i % width;
            ReadOnlySpan<float> channel = image.Slice(i / (width * height) * plane, plane);
            Span<double> to = matrix.Slice(i * columns + column, count);
            for (int done = 0, part; done < count; done += part)
            {
                int oy = (place + done) / places.Width,
                    ox = (place + done) % places.Width;
                part = Math.Min(count - done, places.Width - ox);
                int y = places.Row(oy, ky);
                if (y < 0)
                    to.Slice(done, part).Clear();
                else
                    CopyRow(
                        channel.Slice(y * places.InputWidth, places.InputWidth),
                        places,
                        ox,
                        kx,
                        to.Slice(done, part)
                    );
            }
        }
    }

    private static void CopyRow(ReadOnlySpan<float> row, Places places, int ox, int kx, Span<double> to)
    {
        int x = places.Left(ox, kx);
        for (int i = 0; i < to.Length; i++, x += places.StrideX)
            to[i] = (uint)x < (uint)row.Length ? row[x] : 0;
    }

    /// <summary>For each tap along a row, the sum of what it reads of one input row.</summary>
    private void SumRow(ReadOnlySpan<float> row, Places places, double[] running, double[] sums)
    {
        int stride = places.StrideX;
        for (int x = 0; x < running.Length; x++)
            running[x] = row[x] + (x >= stride ? running[x - stride] : 0);
        for (int kx = 0; kx < width; kx++)
        {
            int first = places.Left(0, kx),
                last = places.Left(places.Width - 1, kx);
            if (first < 0)
                first += (-first + stride - 1) / stride * stride;
            if (last >= row.Length)
                last -= (last - row.Length + stride) / stride * stride;
            sums[kx] = last < first ? 0 : running[last] - (first >= stride ? running[first - stride] : 0);
        }
    }

    /// <summary>Where a convolution's window lies on its input.</summary>
    private readonly struct Places
    {
        private readonly int top,
            left,
            outputHeight,
            strideY,
            dilationY,
            dilationX;

        public Places(LayerInputs layer, Activation x)
        {
            Window window = layer.convolution!.Window;
            (InputHeight, InputWidth) = (x.Shape[1], x.Shape[2]);
            (top, _, outputHeight) = window.Along(0, 2, layer.height, InputHeight);
            (left, _, Width) = window.Along(1, 2, layer.width, InputWidth);
            (strideY, StrideX) = (window.Stride(0), window.Stride(1));
            (dilationY, dilationX) = (window.Dilation(0), window.Dilation(1));
        }

        public int InputHeight { get; }

        public int InputWidth { get; }

        public int Width { get; }

        public int StrideX { get; }

        public int Count => outputHeight * Width;

        /// <summary>The input row of an output row and tap; -1 in the padding.</summary>
        public int Row(int oy, int ky)
        {
            int y = oy * strideY - top + ky * dilationY;
            return (uint)y < (uint)InputHeight ? y : -1;
        }

        /// <summary>The input column of an output column and tap; outside the row in the padding.</summary>
        public int Left(int ox, int kx) => ox * StrideX - left + kx * dilationX;

        /// <summary>Whether an output row reads an input row by a tap.</summary>
        public bool IsRead(int y, int ky)
        {
            int from = y + top - ky * dilationY;
            return from >= 0 && from % strideY == 0 && from / strideY < outputHeight;
        }
    }
}
