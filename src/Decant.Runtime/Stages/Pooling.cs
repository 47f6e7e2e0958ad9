using System.Runtime.Intrinsics;
using Decant.Runtime.Memory;
using Decant.Runtime.Vectors;

namespace Decant.Runtime.Stages;

/// <summary>Maximum or mean over windows of images, a vector of channels at a time.</summary>
internal sealed unsafe class Pooling : Stage
{
    private readonly PoolLayer layer;
    private readonly PoolWindow[] down, across;
    private readonly delegate*<ref PoolPixel, void> pixel;
    private readonly int rowsAPiece;
    private float* input, output;

    public Pooling(PoolLayer layer, VectorWidth width, int threads)
    {
        this.layer = layer;
        (down, across) = (PoolWindow.Down(layer.Window, layer.Input, layer.Output), PoolWindow.Across(layer.Window, layer.Input, layer.Output));
        long work = (long)layer.Output.Height * layer.Output.Width * layer.Output.Channels * layer.Window.Taps;
        rowsAPiece = Share.Grain(layer.Output.Height, work, threads);
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

    public override void Run(int piece, float* scratch)
    {
        (int image, piece) = Math.DivRem(piece, Pieces / layer.Output.Images);
        float* from = input + (nint)image * layer.Input.ImageStride, to = output + (nint)image * layer.Output.ImageStride;
        int end = Math.Min(down.Length, (piece + 1) * rowsAPiece);
        for (int y = piece * rowsAPiece; y < end; y++) Row(y, from, to + layer.Output.At(y, 0));
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

    private static delegate*<ref PoolPixel, void> Method<V, S>(bool mean) where V : unmanaged where S : struct, ISimd<V> =>
        mean ? &PoolPixels<V, S>.Mean : &PoolPixels<V, S>.Max;
}
