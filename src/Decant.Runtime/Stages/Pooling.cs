using System.Runtime.Intrinsics;
using Decant.Runtime.Memory;
using Decant.Runtime.Vectors;
using Decant.Runtime.Windows;

namespace Decant.Runtime.Stages;

/// <summary>Maximum or mean over windows of images, a vector of channels at a time.</summary>
internal sealed unsafe class Pooling : Stage
{
    private readonly PoolLayer layer;
    private readonly PoolWindow[] down,
        across;
    private readonly delegate* <ref PoolPixel, void> pixel;
    private readonly int rowsAPiece;
    private float* input,
        output;

    public Pooling(PoolLayer layer, VectorWidth width, int threads)
    {
        this.layer = layer;
        (down, across) = (
            PoolWindow.Down(layer.Window, layer.Input, layer.Output),
            PoolWindow.Across(layer.Window, layer.Input, layer.Output)
        );
        long work = (long)layer.Output.Height * layer.Output.Width * layer.Output.Channels * layer.Window.Taps;
        rowsAPiece = WorkPartition.Grain(layer.Output.Height, work, threads);
        Pieces = layer.Output.Images * ((layer.Output.Height + rowsAPiece - 1) / rowsAPiece);
        pixel = width switch
        {
            VectorWidth.V512 => Method<Vector512<float>, Simd512>(layer.Mean),
            VectorWidth.V256 => Method<Vector256<float>, Simd256>(layer.Mean),
            VectorWidth.V128 => Method<Vector128<float>, Simd128>(layer.Mean),
            _ => Method<float, SimdScalar>(layer.Mean),
        };
    }

    public override IEnumerable<PlanBuffer> Buffers => [layer.Input.Buffer, layer.Output.Buffer];

    public override void Bind()
    {
        input = layer.Input.Address;
        output = layer.Output.Address;
    }

    public override void Run(int piece, float* scratch, CancellationToken cancellation)
    {
        (int image, piece) = Math.DivRem(piece, Pieces / layer.Output.Images);
        float* from = input + (nint)image * layer.Input.ImageStride,
            to = output + (nint)image * layer.Output.ImageStride;
        int end = Math.Min(down.Length, (piece + 1) * rowsAPiece);
        for (int y = piece * rowsAPiece; y < end; y++)
            Row(y, from, to + layer.Output.At(y, 0));
    }

    private void Row(int y, float* from, float* to)
    {
        var p = new PoolPixel
        {
            RowStep = layer.Window.DilationY * layer.Input.RowStride,
            PixelStep = layer.Window.DilationX * layer.Input.PixelStride,
            Rows = down[y].Count,
            Channels = layer.Input.Channels,
        };
        for (int x = 0; x < across.Length; x++)
        {
            p.Input = from + layer.Input.At(down[y].First, across[x].First);
            p.Output = to + layer.Output.At(0, x);
            p.Columns = across[x].Count;
            p.Scale = 1f / (layer.CountPadding ? down[y].Padded * across[x].Padded : Math.Max(1, p.Rows * p.Columns));
            pixel(ref p);
        }
    }

    private static delegate* <ref PoolPixel, void> Method<V, S>(bool mean)
        where V : unmanaged
        where S : struct, ISimd<V> => mean ? &PoolPixels<V, S>.Mean : &PoolPixels<V, S>.Max;
}

/// <summary>One window of a pooling layer.</summary>
internal unsafe struct PoolPixel
{
    public float* Input,
        Output;
    public int RowStep,
        PixelStep,
        Rows,
        Columns,
        Channels;
    public float Scale;
}

/// <summary>Maximum and mean of one window, for all channels.</summary>
internal static unsafe class PoolPixels<V, S>
    where V : unmanaged
    where S : struct, ISimd<V>
{
    /// <summary>The maximum.</summary>
    public static void Max(ref PoolPixel p)
    {
        int c = 0;
        for (; c + S.Count <= p.Channels; c += S.Count)
            S.Store(Max<V, S>(ref p, c), p.Output + c);
        for (; c < p.Channels; c++)
            p.Output[c] = Max<float, SimdScalar>(ref p, c);
    }

    /// <summary>The sum times the scale.</summary>
    public static void Mean(ref PoolPixel p)
    {
        int c = 0;
        for (; c + S.Count <= p.Channels; c += S.Count)
            S.Store(S.Multiply(Sum<V, S>(ref p, c), S.Broadcast(p.Scale)), p.Output + c);
        for (; c < p.Channels; c++)
            p.Output[c] = Sum<float, SimdScalar>(ref p, c) * p.Scale;
    }

    private static A Max<A, T>(ref PoolPixel p, int channel)
        where A : unmanaged
        where T : struct, ISimd<A>
    {
        A max = T.Broadcast(float.NegativeInfinity);
        float* row = p.Input + channel;
        for (int y = 0; y < p.Rows; y++, row += p.RowStep)
        for (int x = 0; x < p.Columns; x++)
            max = T.Max(T.Load(row + x * p.PixelStep), max);
        return max;
    }

    private static A Sum<A, T>(ref PoolPixel p, int channel)
        where A : unmanaged
        where T : struct, ISimd<A>
    {
        A sum = T.Zero;
        float* row = p.Input + channel;
        for (int y = 0; y < p.Rows; y++, row += p.RowStep)
        for (int x = 0; x < p.Columns; x++)
            sum = T.Add(sum, T.Load(row + x * p.PixelStep));
        return sum;
    }
}

/// <summary>The part of a window that lies on the image, for an output row or column.</summary>
/// <param name="First">The first input row or column.</param>
/// <param name="Count">How many taps.</param>
/// <param name="Padded">How many taps lie on the image or its padding.</param>
internal readonly record struct PoolWindow(int First, int Count, int Padded)
{
    /// <summary>The windows of all output rows (or columns).</summary>
    public static PoolWindow[] Along(int outputs, int inputs, int taps, int stride, int dilation, int before, int after)
    {
        var all = new PoolWindow[outputs];
        for (int o = 0; o < outputs; o++)
        {
            int start = o * stride - before,
                first = 0,
                count = 0,
                padded = 0;
            for (int t = 0; t < taps; t++)
            {
                int at = start + t * dilation;
                if (at < inputs + after)
                    padded++;
                if (at < 0 || at >= inputs)
                    continue;
                if (count++ == 0)
                    first = at;
            }
            all[o] = new PoolWindow(first, count, padded);
        }
        return all;
    }

    /// <summary>The windows of all output rows of an image.</summary>
    public static PoolWindow[] Down(ImageWindow w, ImageView input, ImageView output) =>
        Along(output.Height, input.Height, w.Height, w.StrideY, w.DilationY, w.Padding.Top, w.Padding.Bottom);

    /// <summary>The windows of all output columns of an image.</summary>
    public static PoolWindow[] Across(ImageWindow w, ImageView input, ImageView output) =>
        Along(output.Width, input.Width, w.Width, w.StrideX, w.DilationX, w.Padding.Left, w.Padding.Right);
}
