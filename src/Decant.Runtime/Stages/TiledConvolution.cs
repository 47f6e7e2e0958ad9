using Decant.Runtime.Dense;
using Decant.Runtime.Memory;
using Decant.Runtime.Windows;

namespace Decant.Runtime.Stages;

/// <summary>
/// A dense convolution, tile by tile of output pixels and output channels. Because channels lie last, a row of the
/// window is contiguous in the input, and nothing is unfolded. Groups are computed one after another.
/// </summary>
internal sealed unsafe class TiledConvolution : Stage
{
    private readonly ConvolutionLayer layer;
    private readonly TiledFilters filters;
    private readonly int tile,
        line,
        tiles,
        tilesAPiece,
        run;
    private readonly delegate* <ref TileArguments, int, void> compute;
    private readonly Pinned<int> inputAt,
        outputAt,
        segments;
    private readonly Pinned<int>? residualAt;
    private float* input,
        output,
        residual;

    public TiledConvolution(ConvolutionLayer layer, TiledFilters filters, VectorWidth width, int threads)
    {
        (this.layer, this.filters) = (layer, filters);
        bool slides = filters.Slides(layer.Window, layer.Output.Width);
        tile = slides ? Tiles.SlidingPixels : Tiles.Pixels(width);
        compute = slides ? Tiles.Sliding(width) : Tiles.For(width);
        line = slides ? layer.Output.Width : layer.Output.Height * layer.Output.Width;
        tiles = layer.Output.Height * layer.Output.Width / line * ((line + tile - 1) / tile);
        tilesAPiece = WorkPartition.Grain(tiles, layer.Macs / Math.Max(1, layer.Input.Images), threads);
        Pieces = layer.Input.Images * ((tiles + tilesAPiece - 1) / tilesAPiece);
        ImageWindow w = layer.Window;
        (inputAt, outputAt) = (
            Places(layer.Input, w.StrideY, w.StrideX, w.Padding),
            Places(layer.Output, 1, 1, default)
        );
        if (layer.Residual is { } r)
            residualAt = Places(r, 1, 1, default);
        (segments, run) = Segments(layer.Input, w, filters.ChannelsPerGroup, slides);
    }

    public override IEnumerable<PlanBuffer> Buffers => layer.Buffers;

    public override int Scratch => Tiles.Scratch;

    public override void Bind()
    {
        input = layer.Input.Address;
        output = layer.Output.Address;
        residual = layer.Residual is { } r ? r.Address : null;
    }

    public override void Run(int piece, float* scratch, CancellationToken cancellation)
    {
        (int image, piece) = Math.DivRem(piece, Pieces / layer.Input.Images);
        int from = piece * tilesAPiece,
            to = Math.Min(tiles, from + tilesAPiece);
        var t = new TileArguments
        {
            Segments = segments.Address,
            SegmentCount = segments.Count,
            Run = run,
            Step = layer.Input.PixelStride,
            Low = layer.Low,
            High = layer.High,
            Scratch = scratch,
        };
        for (int g = 0; g < filters.Groups.Length; g++)
            foreach (FilterBlock block in filters.Groups[g].Blocks)
                Block(ref t, image, g, block, from, to);
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
            if (residualAt is not null)
                t.ResidualAt = residualAt.Address + i * tile;
            compute(ref t, block.Vectors);
        }
    }

    /// <summary>
    /// Where each output pixel's window begins. Tiles go along lines, all pixels or a row of them; the last of a line
    /// goes back to fit in, or, if the line is shorter than a tile, has the last pixel again and again.
    /// </summary>
    private Pinned<int> Places(ImageView view, int strideY, int strideX, Border padding)
    {
        var places = new Pinned<int>(tiles * tile);
        int tilesALine = (line + tile - 1) / tile;
        for (int i = 0; i < places.Count; i++)
        {
            var (row, first) = Math.DivRem(i / tile, tilesALine);
            int along = Math.Min(Math.Min(first * tile, Math.Max(0, line - tile)) + i % tile, line - 1);
            var (y, x) = Math.DivRem(row * line + along, layer.Output.Width);
            places.Address[i] = view.At(y * strideY - padding.Top, x * strideX - padding.Left);
        }
        return places;
    }

    /// <summary>
    /// Rows of the window, where it slides or all channels of neighbouring pixels lie together; else single taps.
    /// </summary>
    private static (Pinned<int> Segments, int Run) Segments(ImageView view, ImageWindow w, int channels, bool slides)
    {
        bool together = !slides && w.DilationX == 1 && view.PixelStride == channels;
        int columns = slides || together ? 1 : w.Width;
        var segments = new Pinned<int>(w.Height * columns);
        for (int i = 0; i < segments.Count; i++)
            segments.Address[i] = view.At(i / columns * w.DilationY, i % columns * w.DilationX);
        return (segments, together ? w.Width * channels : channels);
    }
}

/// <summary>The filters and bias of a convolution, packed group by group for <see cref="TiledConvolution"/>.</summary>
internal sealed class TiledFilters
{
    private readonly VectorWidth width;

    /// <summary>
    /// Packs filters of shape (M, C/group, height, width): the sum goes over rows, columns, channels.
    /// </summary>
    public TiledFilters(Tensor weight, ReadOnlySpan<float> bias, int groups, VectorWidth width)
    {
        this.width = width;
        float[] w = weight.Array<float>();
        int vector = (int)width;
        (OutputsPerGroup, ChannelsPerGroup) = (weight.Shape[0] / groups, weight.Shape[1]);
        int depth = checked((int)weight.Shape.CountFrom(1)),
            taps = depth / ChannelsPerGroup;
        float[] rows = taps == 1 ? w : ChannelsLast(w, taps);
        Groups =
        [
            .. Enumerable
                .Range(0, groups)
                .Select(g => new PackedFilters(
                    OutputsPerGroup,
                    depth,
                    vector,
                    rows.AsSpan(g * OutputsPerGroup * depth, OutputsPerGroup * depth)
                )),
        ];
        BiasStride = (OutputsPerGroup + vector - 1) / vector * vector;
        Bias = new Pinned<float>(BiasStride * groups + vector * 2);
        if (!bias.IsEmpty)
            for (int o = 0; o < bias.Length; o++)
                Bias.Span[o / OutputsPerGroup * BiasStride + o % OutputsPerGroup] = bias[o];
    }

    /// <summary>Each group's filters.</summary>
    public PackedFilters[] Groups { get; }

    /// <summary>The bias of each group, filled up to whole vectors.</summary>
    public Pinned<float> Bias { get; }

    /// <summary>Floats from a group's bias to the next group's.</summary>
    public int BiasStride { get; }

    /// <summary>Output channels of a group.</summary>
    public int OutputsPerGroup { get; }

    /// <summary>Input channels of a group.</summary>
    public int ChannelsPerGroup { get; }

    /// <summary>
    /// Whether <see cref="SlidingTile{V, S}"/> computes them: a window three wide that moves by one, and no more output
    /// channels than a vector holds.
    /// </summary>
    public bool Slides(ImageWindow window, int columns) =>
        (window.Width, window.StrideX, window.DilationX) == (3, 1, 1)
        && columns >= Tiles.SlidingPixels
        && OutputsPerGroup <= (int)width;

    private float[] ChannelsLast(float[] w, int taps)
    {
        var rows = new float[w.Length];
        int to = 0;
        for (int filter = 0; filter < w.Length; filter += taps * ChannelsPerGroup)
        for (int t = 0; t < taps; t++)
        for (int c = 0; c < ChannelsPerGroup; c++)
            rows[to++] = w[filter + c * taps + t];
        return rows;
    }
}
