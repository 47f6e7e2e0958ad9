using System.Runtime.Intrinsics;
using Decant.Runtime.Memory;
using Decant.Runtime.Windows;

namespace Decant.Runtime.Stages;

/// <summary>The maximum over windows of images of bytes.</summary>
internal sealed unsafe class BytePooling : Stage
{
    private readonly ByteImage input,
        output;
    private readonly ImageWindow window;
    private readonly PoolWindow[] down,
        across;

    public BytePooling(ByteImage input, ByteImage output, ImageWindow window)
    {
        (this.input, this.output, this.window) = (input, output, window);
        down = PoolWindow.Along(
            output.Height,
            input.Height,
            window.Height,
            window.StrideY,
            window.DilationY,
            window.Padding.Top,
            window.Padding.Bottom
        );
        across = PoolWindow.Along(
            output.Width,
            input.Width,
            window.Width,
            window.StrideX,
            window.DilationX,
            window.Padding.Left,
            window.Padding.Right
        );
    }

    public override IEnumerable<PlanBuffer> Buffers => [input.Buffer, output.Buffer];

    public override void Bind() => output.FillBorder();

    public override void Run(int piece, float* scratch, CancellationToken cancellation)
    {
        for (int n = 0; n < output.Images; n++)
        for (int y = 0; y < output.Height; y++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int x = 0; x < output.Width; x++)
                Pixel(
                    input.Address + (nint)n * input.ImageStride + input.At(down[y].First, across[x].First),
                    output.Address + (nint)n * output.ImageStride + output.At(y, x),
                    down[y].Count,
                    across[x].Count
                );
        }
    }

    private void Pixel(byte* from, byte* to, int rows, int columns)
    {
        int row = window.DilationY * input.RowStride,
            step = window.DilationX * input.Channels,
            c = 0;
        if (!input.Range.Signed)
        {
            for (; c <= input.Channels - 32; c += 32)
            {
                Vector256<byte> most = Vector256<byte>.Zero;
                for (int y = 0; y < rows; y++)
                for (int x = 0; x < columns; x++)
                    most = Vector256.Max(most, Vector256.Load(from + y * row + x * step + c));
                most.Store(to + c);
            }
            for (; c <= input.Channels - 16; c += 16)
            {
                Vector128<byte> most = Vector128<byte>.Zero;
                for (int y = 0; y < rows; y++)
                for (int x = 0; x < columns; x++)
                    most = Vector128.Max(most, Vector128.Load(from + y * row + x * step + c));
                most.Store(to + c);
            }
        }
        for (; c < input.Channels; c++)
        {
            int most = input.Range.Least;
            for (int y = 0; y < rows; y++)
            for (int x = 0; x < columns; x++)
                most = Math.Max(
                    most,
                    input.Range.Signed ? (sbyte)from[y * row + x * step + c] : from[y * row + x * step + c]
                );
            to[c] = (byte)most;
        }
    }
}
