using System.Runtime.Intrinsics;
using Decant.Runtime.Memory;
using Decant.Runtime.Vectors;
using Decant.Runtime.Windows;

namespace Decant.Runtime.Stages;

/// <summary>A convolution with a single filter for each channel, a vector of channels at a time.</summary>
internal sealed unsafe class DepthwiseConvolution : Stage
{
    private readonly ConvolutionLayer layer;
    private readonly DepthwiseFilters filters;
    private readonly delegate* <ref DepthwisePixel, void> pixel;
    private readonly int rowsAPiece;
    private float* input,
        output,
        residual;

    public DepthwiseConvolution(ConvolutionLayer layer, DepthwiseFilters filters, VectorWidth width, int threads)
    {
        (this.layer, this.filters) = (layer, filters);
        rowsAPiece = WorkPartition.Grain(layer.Output.Height, layer.Macs / Math.Max(1, layer.Output.Images), threads);
        Pieces = layer.Output.Images * ((layer.Output.Height + rowsAPiece - 1) / rowsAPiece);
        pixel = width switch
        {
            VectorWidth.V512 => &DepthwisePixels<Vector512<float>, Simd512>.Run,
            VectorWidth.V256 => &DepthwisePixels<Vector256<float>, Simd256>.Run,
            VectorWidth.V128 => &DepthwisePixels<Vector128<float>, Simd128>.Run,
            _ => &DepthwisePixels<float, SimdScalar>.Run,
        };
    }

    public override IEnumerable<PlanBuffer> Buffers => layer.Buffers;

    public override void Bind()
    {
        input = layer.Input.Address;
        output = layer.Output.Address;
        residual = layer.Residual is { } r ? r.Address : null;
    }

    public override void Run(int piece, float* scratch, CancellationToken cancellation)
    {
        (int image, piece) = Math.DivRem(piece, Pieces / layer.Output.Images);
        int end = Math.Min(layer.Output.Height, (piece + 1) * rowsAPiece);
        for (int y = piece * rowsAPiece; y < end; y++)
            Row(image, y);
    }

    private void Row(int image, int y)
    {
        ImageWindow w = layer.Window;
        ImageView x = layer.Input;
        var p = new DepthwisePixel
        {
            Filters = filters.Weights.Address,
            Bias = filters.Bias.Address,
            Rows = w.Height,
            Columns = w.Width,
            Channels = x.Channels,
            Low = layer.Low,
            High = layer.High,
            RowStep = w.DilationY * x.RowStride,
            PixelStep = w.DilationX * x.PixelStride,
        };
        for (int column = 0; column < layer.Output.Width; column++)
        {
            p.Input =
                input
                + (nint)image * x.ImageStride
                + x.At(y * w.StrideY - w.Padding.Top, column * w.StrideX - w.Padding.Left);
            p.Output = output + (nint)image * layer.Output.ImageStride + layer.Output.At(y, column);
            if (residual != null)
                p.Residual = residual + (nint)image * layer.Residual!.ImageStride + layer.Residual.At(y, column);
            pixel(ref p);
        }
    }
}

/// <summary>The filters of a depthwise convolution, tap by tap, all channels of a tap side by side.</summary>
internal sealed class DepthwiseFilters
{
    /// <summary>Packs filters of shape (C, 1, taps…).</summary>
    public DepthwiseFilters(Tensor weight, ReadOnlySpan<float> bias)
    {
        ReadOnlySpan<float> w = weight.Span<float>();
        int channels = weight.Shape[0],
            taps = w.Length / Math.Max(1, channels);
        (Weights, Bias) = (new Pinned<float>(w.Length), new Pinned<float>(channels));
        for (int c = 0; c < channels; c++)
        for (int t = 0; t < taps; t++)
            Weights.Span[t * channels + c] = w[c * taps + t];
        bias.CopyTo(Bias.Span);
    }

    /// <summary>The filters.</summary>
    public Pinned<float> Weights { get; }

    /// <summary>The bias of each channel.</summary>
    public Pinned<float> Bias { get; }
}

/// <summary>One output pixel of a depthwise convolution.</summary>
internal unsafe struct DepthwisePixel
{
    public float* Input,
        Filters,
        Bias,
        Residual,
        Output;
    public int Rows,
        Columns,
        Channels,
        RowStep,
        PixelStep;
    public float Low,
        High;
}

/// <summary>All channels of one output pixel of a depthwise convolution.</summary>
internal static unsafe class DepthwisePixels<V, S>
    where V : unmanaged
    where S : struct, ISimd<V>
{
    public static void Run(ref DepthwisePixel p)
    {
        int c = 0;
        for (; c + S.Count <= p.Channels; c += S.Count)
            Channels<V, S>(ref p, c);
        for (; c < p.Channels; c++)
            Channels<float, SimdScalar>(ref p, c);
    }

    private static void Channels<A, T>(ref DepthwisePixel p, int channel)
        where A : unmanaged
        where T : struct, ISimd<A>
    {
        A sum = T.Load(p.Bias + channel);
        float* row = p.Input + channel,
            w = p.Filters + channel;
        for (int y = 0; y < p.Rows; y++, row += p.RowStep)
        for (int x = 0; x < p.Columns; x++, w += p.Channels)
            sum = T.MultiplyAdd(T.Load(row + x * p.PixelStep), T.Load(w), sum);
        if (p.Residual != null)
            sum = T.Add(sum, T.Load(p.Residual + channel));
        T.Store(T.Min(T.Broadcast(p.High), T.Max(T.Broadcast(p.Low), sum)), p.Output + channel);
    }
}
