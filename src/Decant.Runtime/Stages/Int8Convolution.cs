using Decant.Runtime.CompressedKernels.Int8;
using Decant.Runtime.Memory;
using Decant.Runtime.Windows;

namespace Decant.Runtime.Stages;

/// <summary>
/// A convolution in whole numbers, exact until its sums are scaled: tiles of output pixels by panels of 16 output
/// channels.
/// </summary>
internal sealed unsafe class Int8Convolution : Stage
{
    private readonly Int8Layer layer;
    private readonly Int8Filters filters;
    private readonly Int8Epilogue epilogue;
    private readonly VectorWidth width;
    private readonly int pixels,
        step,
        tiles,
        tilesAPiece;
    private readonly Pinned<int> inputAt,
        outputAt;
    private byte* input;

    public Int8Convolution(Int8Layer layer, Int8Filters filters, VectorWidth width, int threads)
    {
        (this.layer, this.filters, this.width) = (layer, filters, width);
        var (images, height, columns) = layer.Output;
        (pixels, step) = (height * columns, Int8Tiles.Rows(width));
        tiles = (pixels + step - 1) / step;
        tilesAPiece = WorkPartition.Grain(tiles, layer.Macs / 2 / Math.Max(1, images), threads);
        Pieces = images * ((tiles + tilesAPiece - 1) / tilesAPiece);
        epilogue = new Int8Epilogue(layer, filters);
        (inputAt, outputAt) = (new Pinned<int>(tiles * step), new Pinned<int>(tiles * step));
        for (int i = 0; i < inputAt.Count; i++)
        {
            var (y, x) = Math.DivRem(Math.Min(i, pixels - 1), columns);
            inputAt.Address[i] = layer.Input.At(
                y * layer.Window.StrideY - layer.Window.Padding.Top,
                x * layer.Window.StrideX - layer.Window.Padding.Left
            );
            outputAt.Address[i] = layer.Bytes?.At(y, x) ?? layer.Floats!.At(y, x);
        }
    }

    public override IEnumerable<PlanBuffer> Buffers =>
        [layer.Input.Buffer, layer.Bytes?.Buffer ?? layer.Floats!.Buffer];

    public override int Scratch => Int8Tile.Rows * Int8Weights.Columns;

    public override void Bind()
    {
        input = layer.Input.Address;
        layer.Bytes?.FillBorder();
        epilogue.Bind();
    }

    public override void Run(int piece, float* scratch, CancellationToken cancellation)
    {
        (int image, piece) = Math.DivRem(piece, Pieces / layer.Output.Images);
        int from = piece * tilesAPiece,
            to = Math.Min(tiles, from + tilesAPiece),
            flip = layer.Input.Range.Signed ? unchecked((int)0x80808080) : 0;
        byte* start = input + (nint)image * layer.Input.ImageStride;
        byte** rows = stackalloc byte*[Int8Tile.Rows];
        int* sums = (int*)scratch;
        Int8Weights weights = filters.Weights;
        for (int panel = 0; panel < weights.Panels; panel++)
        for (int tile = from; tile < to; tile++)
        {
            int* at = inputAt.Address + tile * step;
            for (int i = 0; i < step; i++)
                rows[i] = start + at[i];
            Int8Tiles.Run(rows, weights, panel, layer.Window.DilationY * layer.Input.RowStride, flip, sums, width);
            epilogue.Write(
                sums,
                image,
                panel,
                outputAt.Address + tile * step,
                Math.Min(step, pixels - tile * step),
                width
            );
        }
    }
}

/// <summary>The codes, scales and bias of a convolution of bytes.</summary>
internal sealed class Int8Filters
{
    /// <summary>Packs codes of shape (M, C, height, width), rows of the window together, channels last.</summary>
    public Int8Filters(QuantizedWeight weight, ReadOnlySpan<float> bias)
    {
        Shape shape = weight.Shape;
        int outputs = shape[0],
            channels = shape[1],
            width = shape[-1],
            height = shape.Rank == 4 ? shape[2] : 1;
        var rows = new sbyte[weight.Codes.Length];
        int to = 0,
            taps = height * width;
        for (int filter = 0; filter < rows.Length; filter += taps * channels)
        for (int t = 0; t < taps; t++)
        for (int c = 0; c < channels; c++)
            rows[to++] = weight.Codes[filter + c * taps + t];
        Weights = new Int8Weights(rows, outputs, height, width * channels);
        Scales = new Pinned<float>(Weights.Panels * Int8Weights.Columns);
        for (int o = 0; o < outputs; o++)
            Scales.Span[o] = weight.Scales[weight.Scales.Length == 1 ? 0 : o];
        Bias = new Pinned<float>(Scales.Count);
        bias.CopyTo(Bias.Span);
    }

    /// <summary>The codes.</summary>
    public Int8Weights Weights { get; }

    /// <summary>A step of each output channel's weights, filled up to whole panels.</summary>
    public Pinned<float> Scales { get; }

    /// <summary>The bias of each output channel, filled up to whole panels.</summary>
    public Pinned<float> Bias { get; }
}

/// <summary>A convolution over images of bytes: it writes bytes, or floats.</summary>
/// <param name="Name">The node.</param>
/// <param name="Input">What it reads, with a border at least as wide as its padding.</param>
/// <param name="Bytes">What it writes; null where it writes floats.</param>
/// <param name="Floats">What it writes; null where it writes bytes.</param>
/// <param name="Window">Its window.</param>
/// <param name="Low">The least output, before it becomes a byte.</param>
/// <param name="High">The greatest output, before it becomes a byte.</param>
/// <param name="Macs">Multiply-accumulates.</param>
internal sealed record Int8Layer(
    string Name,
    ByteImage Input,
    ByteImage? Bytes,
    ImageView? Floats,
    ImageWindow Window,
    float Low,
    float High,
    long Macs
)
{
    /// <summary>Images, rows and columns of the output.</summary>
    public (int Images, int Height, int Width) Output =>
        Bytes is { } b ? (b.Images, b.Height, b.Width) : (Floats!.Images, Floats.Height, Floats.Width);
}
