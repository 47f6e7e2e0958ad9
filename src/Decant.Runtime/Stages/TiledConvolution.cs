using Decant.Runtime.Dense;
using Decant.Runtime.Memory;
using Decant.Runtime.Windows;

namespace Decant.Runtime.Stages;

/// <summary>
/// A dense convolution, tile by tile of output pixels and output channels. Because channels lie last, a row of the window is one stretch
/// of the input, and nothing is unfolded. Groups are computed one after another.
/// </summary>
internal sealed unsafe class TiledConvolution : Stage
{
    private readonly ConvolutionLayer layer;
    private readonly TiledFilters filters;
    private readonly int pixels, tile, tiles, tilesAPiece, run;
    private readonly delegate*<ref TileArguments, int, void> compute;
    private readonly Pinned<int> inputAt, outputAt, segments;
    private readonly Pinned<int>? residualAt;
    private float* input, output, residual;

    public TiledConvolution(ConvolutionLayer layer, TiledFilters filters, VectorWidth width, int threads)
    {
        (this.layer, this.filters) = (layer, filters);
        (tile, pixels) = (Tiles.Pixels(width), layer.Output.Height * layer.Output.Width);
        compute = Tiles.For(width);
        tiles = (pixels + tile - 1) / tile;
        tilesAPiece = Share.Grain(tiles, layer.Macs / Math.Max(1, layer.Input.Images), threads);
        Pieces = layer.Input.Images * ((tiles + tilesAPiece - 1) / tilesAPiece);
        ImageWindow w = layer.Window;
        (inputAt, outputAt) = (Places(layer.Input, w.StrideY, w.StrideX, w.Padding), Places(layer.Output, 1, 1, default));
        if (layer.Residual is { } r) residualAt = Places(r, 1, 1, default);
        (segments, run) = Segments(layer.Input, w, filters.ChannelsPerGroup);
    }

    public override IEnumerable<PlanBuffer> Buffers => layer.Buffers;

    public override int Scratch => Tiles.Scratch;

    public override void Bind()
    {
        input = layer.Input.Address;
        output = layer.Output.Address;
        residual = layer.Residual is { } r ? r.Address : null;
    }

    public override void Run(int piece, float* scratch)
    {
        (int image, piece) = Math.DivRem(piece, Pieces / layer.Input.Images);
        int from = piece * tilesAPiece, to = Math.Min(tiles, from + tilesAPiece);
        var t = new TileArguments { Segments = segments.Address, SegmentCount = segments.Count, Run = run, Low = layer.Low, High = layer.High, Scratch = scratch };
        for (int g = 0; g < filters.Groups.Length; g++)
            foreach (FilterBlock block in filters.Groups[g].Blocks) Block(ref t, image, g, block, from, to);
    }

    private void Block(ref TileArguments t, int image, int group, FilterBlock block, int from, int to)
    {
        int channel = group * filters.OutputsPerGroup + block.Channel;
        t.Filters = filters.Groups[group].Data.Address + (nint)block.Channel * filters.Groups[group].Depth;
        t.Bias = filters.Bias.Address + group * filters.BiasStride + block.Channel;
        t.Channels = block.Channels;
        t.Input = input + (nint)image * layer.Input.ImageStride + group * filters.ChannelsPerGroup;
        t.Output = output + (nint)image * layer.Output.ImageStride + channel;
        t.Residual = residual == null ? null : residual + (nint)image * layer.Residual!.ImageStride + channel;
        for (int i = from; i < to; i++)
        {
            t.InputAt = inputAt.Address + i * tile;
            t.OutputAt = outputAt.Address + i * tile;
            if (residualAt is not null) t.ResidualAt = residualAt.Address + i * tile;
            compute(ref t, block.Vectors);
        }
    }

    /// <summary>Where each output pixel's window begins; the last pixel again and again where the last tile has more.</summary>
    private Pinned<int> Places(ImageView view, int strideY, int strideX, Border padding)
    {
        var places = new Pinned<int>(tiles * tile);
        for (int i = 0; i < places.Count; i++)
        {
            var (y, x) = Math.DivRem(Math.Min(i, pixels - 1), layer.Output.Width);
            places.Address[i] = view.At(y * strideY - padding.Top, x * strideX - padding.Left);
        }
        return places;
    }

    /// <summary>Rows of the window, where all channels of neighbouring pixels lie together; else single taps.</summary>
    private static (Pinned<int> Segments, int Run) Segments(ImageView view, ImageWindow w, int channels)
    {
        bool together = w.DilationX == 1 && view.PixelStride == channels;
        int columns = together ? 1 : w.Width;
        var segments = new Pinned<int>(w.Height * columns);
        for (int i = 0; i < segments.Count; i++) segments.Address[i] = view.At(i / columns * w.DilationY, i % columns * w.DilationX);
        return (segments, together ? w.Width * channels : channels);
    }
}
