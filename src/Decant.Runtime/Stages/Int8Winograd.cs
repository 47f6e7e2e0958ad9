using Decant.Runtime.CompressedKernels.Int8;
using Decant.Runtime.CompressedKernels.Int8.Winograd;
using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>
/// A 3×3 convolution of bytes with stride 1 by Winograd's F(2×2, 3×3) in whole numbers of 16 and 32 bits: 16
/// products for 4 outputs instead of 36, and the same exact sums.
/// </summary>
internal sealed unsafe class Int8Winograd : Stage
{
    private const int Out = 2,
        Panel = Int8Weights.Columns,
        CacheBytes = 384 * 1024,
        Odd = 32;
    private readonly Int8Layer layer;
    private readonly Int8WinogradFilters filters;
    private readonly Int8Epilogue epilogue;
    private readonly PairMethods methods;
    private readonly VectorWidth width;
    private readonly int tiles,
        group;
    private readonly Pinned<int> inputAt,
        outputAt;
    private byte* input;

    public Int8Winograd(
        Int8Layer layer,
        Int8Filters direct,
        Int8WinogradFilters filters,
        VectorWidth width,
        int threads
    )
    {
        (this.layer, this.filters, this.width, methods) = (layer, filters, width, PairMethods.For(width));
        var (images, height, columns) = layer.Output;
        int across = (columns + Out - 1) / Out,
            aImage = across * ((height + Out - 1) / Out);
        tiles = images * aImage;
        int fitting =
            CacheBytes
            / (Int8WinogradFilters.Products * (filters.Channels * sizeof(short) + filters.Outputs * sizeof(int)));
        int wanted = Math.Min(WorkPartition.Grain(tiles, layer.Macs / 4, threads), Math.Max(methods.Rows, fitting));
        group = (wanted + methods.Rows - 1) / methods.Rows * methods.Rows;
        Pieces = (tiles + group - 1) / group;
        epilogue = new Int8Epilogue(layer, direct);
        (inputAt, outputAt) = (new Pinned<int>(tiles), new Pinned<int>(tiles * Out * Out));
        for (int t = 0; t < tiles; t++)
            PutPlaces(t, t / aImage, t % aImage / across * Out, t % across * Out);
    }

    public override IEnumerable<PlanBuffer> Buffers =>
        [layer.Input.Buffer, layer.Bytes?.Buffer ?? layer.Floats!.Buffer];

    public override int Scratch => Int8WinogradFilters.Products * (InputStride / 2 + SumStride);

    private int InputStride => group * filters.Channels + Odd;

    private int SumStride => group * filters.Outputs + Odd;

    public override void Bind()
    {
        input = layer.Input.Address;
        layer.Bytes?.FillBorder();
        epilogue.Bind();
    }

    public override void Run(int piece, float* scratch, CancellationToken cancellation)
    {
        int from = piece * group,
            count = Math.Min(tiles, from + group) - from;
        short* transformed = (short*)scratch;
        int* sums = (int*)(scratch + Int8WinogradFilters.Products * (InputStride / 2));
        byte flip = (byte)(layer.Input.Range.Signed ? 128 : 0);
        for (int c = 0; c < filters.Channels; c += 16)
            ByteTransforms.Input(
                input + c,
                inputAt.Address + from,
                count,
                layer.Input.RowStride,
                layer.Input.Channels,
                flip,
                transformed + c,
                filters.Channels,
                InputStride
            );
        for (int p = 0; p < Int8WinogradFilters.Products; p++)
            Multiply(p, count, transformed + p * InputStride, sums + p * SumStride);
        for (int panel = 0; panel * Panel < filters.Outputs; panel++)
            epilogue.Write(
                sums + panel * Panel,
                filters.Outputs,
                SumStride,
                count,
                panel,
                outputAt.Address + from * Out * Out,
                width
            );
    }

    /// <summary>Rows beyond the last tile are computed from what lies there, and never read.</summary>
    private void Multiply(int product, int count, short* x, int* y)
    {
        for (int output = 0; output < filters.Outputs; )
        {
            int vectors = filters.Vectors(output);
            short* w = filters.Of(product, output);
            for (int t = 0; t < count; t += methods.Rows)
                (vectors == 2 ? methods.Two : methods.One)(
                    x + t * filters.Channels,
                    filters.Channels,
                    filters.Channels / 2,
                    w,
                    y + t * filters.Outputs + output,
                    filters.Outputs
                );
            output += vectors * filters.Lanes;
        }
    }

    /// <summary>
    /// Where a tile reads and writes. Pixels beyond an edge fall on those before it, which are written after them.
    /// </summary>
    private void PutPlaces(int tile, int image, int y, int x)
    {
        inputAt.Address[tile] =
            image * layer.Input.ImageStride
            + layer.Input.At(y - layer.Window.Padding.Top, x - layer.Window.Padding.Left);
        for (int p = 0; p < Out * Out; p++)
        {
            int row = Math.Min(y + p / Out, layer.Output.Height - 1),
                column = Math.Min(x + p % Out, layer.Output.Width - 1);
            outputAt.Address[tile * Out * Out + p] = layer.Bytes is { } b
                ? image * b.ImageStride + b.At(row, column)
                : image * layer.Floats!.ImageStride + layer.Floats.At(row, column);
        }
    }
}
