using Decant.Runtime.Dense;
using Decant.Runtime.Dense.Winograd;
using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>
/// A 3×3 convolution of stride 1 by Winograd's F(4×4, 3×3): 36 products for 16 outputs instead of 144. Tiles of 4×4 outputs are computed in
/// groups small enough that a group's numbers stay in the second-level cache. Against direct convolution the result differs by at most
/// 2⁻¹⁶ of the sum of absolute products.
/// </summary>
internal sealed unsafe class WinogradConvolution : Stage
{
    private const int Out = 4, CacheFloats = 96 * 1024, Odd = 16;
    private readonly ConvolutionLayer layer;
    private readonly WinogradFilters filters;
    private readonly WinogradMethods methods;
    private readonly delegate*<ref TileArguments, int, void> compute;
    private readonly Pinned<int> inputAt, outputAt, noSegment = new(1);
    private readonly int across, tiles, group, groups, cuts, pixels, vector;
    private float* input, output, residual;

    public WinogradConvolution(ConvolutionLayer layer, WinogradFilters filters, VectorWidth width, int threads)
    {
        (this.layer, this.filters, vector) = (layer, filters, (int)width);
        methods = WinogradMethods.For(width);
        across = (layer.Output.Width + Out - 1) / Out;
        tiles = layer.Output.Images * across * ((layer.Output.Height + Out - 1) / Out);
        pixels = tiles <= 4 ? 4 : Tiles.Pixels(width);
        compute = tiles <= 4 ? Tiles.Small(width) : Tiles.For(width);
        group = Math.Min(RoundUp(Math.Max(Share.Grain(tiles, layer.Macs, threads), 1), pixels), MostTiles());
        groups = (tiles + group - 1) / group;
        cuts = groups >= threads ? 1 : Math.Min(threads, filters.Blocks.Length);
        Pieces = groups * cuts;
        (inputAt, outputAt) = (Steps(filters.Channels), Steps(filters.Outputs));
    }

    public override IEnumerable<PlanBuffer> Buffers => layer.Buffers;

    public override int Scratch => Tiles.Scratch + WinogradFilters.Products * vector + ProductStride(filters.Channels) * WinogradFilters.Products + ProductStride(filters.Outputs) * WinogradFilters.Products;

    /// <summary>The border that an image needs so that every tile can be read whole.</summary>
    public static Border Reach(int height, int width, Border padding) => padding with
    {
        Bottom = padding.Bottom + RoundUp(height, Out) - height,
        Right = padding.Right + RoundUp(width, Out) - width,
    };

    public override void Bind()
    {
        input = layer.Input.Address;
        output = layer.Output.Address;
        residual = layer.Residual is { } r ? r.Address : null;
    }

    public override void Run(int piece, float* scratch)
    {
        (piece, int cut) = Math.DivRem(piece, cuts);
        int from = piece * group, to = Math.Min(tiles, from + group);
        float* half = scratch + Tiles.Scratch, transformed = half + WinogradFilters.Products * vector;
        float* sums = transformed + ProductStride(filters.Channels) * WinogradFilters.Products;
        int blocks = filters.Blocks.Length, first = blocks * cut / cuts, end = blocks * (cut + 1) / cuts;
        for (int t = from; t < to; t++) TransformInput(t, transformed + (t - from) * filters.Channels, half);
        for (int p = 0; p < WinogradFilters.Products; p++) Multiply(p, first, end, to - from, transformed, sums, scratch);
        for (int t = from; t < to; t++) TransformOutput(t, first, end, sums + (t - from) * filters.Outputs, half, scratch);
    }

    private void TransformInput(int tile, float* to, float* half)
    {
        var (image, y, x) = Place(tile);
        // The window begins one row and one column before its outputs, wherever the padding lies.
        float* from = input + (nint)image * layer.Input.ImageStride + layer.Input.At(y - layer.Window.Padding.Top, x - layer.Window.Padding.Left);
        for (int c = 0; c < filters.Channels; c += vector)
            methods.Input(from + c, layer.Input.RowStride, layer.Input.PixelStride, to + c, ProductStride(filters.Channels), half);
    }

    private void Multiply(int product, int first, int end, int count, float* transformed, float* sums, float* scratch)
    {
        var t = new TileArguments
        {
            Input = transformed + product * ProductStride(filters.Channels),
            Segments = noSegment.Address,
            SegmentCount = 1,
            Run = filters.Channels,
            Bias = filters.Zeros.Address,
            Low = float.NegativeInfinity,
            High = float.PositiveInfinity,
            Scratch = scratch,
        };
        for (int b = first; b < end; b++)
        {
            FilterBlock block = filters.Blocks[b];
            t.Filters = filters.Of(product, block);
            t.Output = sums + product * ProductStride(filters.Outputs) + block.Channel;
            t.Channels = block.Channels;
            for (int i = 0; i < count; i += pixels)
            {
                t.InputAt = inputAt.Address + i;
                t.OutputAt = outputAt.Address + i;
                compute(ref t, block.Vectors);
            }
        }
    }

    private void TransformOutput(int tile, int first, int end, float* sums, float* half, float* result)
    {
        var (image, y, x) = Place(tile);
        FilterBlock[] blocks = filters.Blocks;
        int from = blocks[first].Channel, to = blocks[end - 1].Channel + blocks[end - 1].Channels;
        var place = new WinogradPlace { OutputRow = layer.Output.RowStride, OutputPixel = layer.Output.PixelStride, Low = layer.Low, High = layer.High };
        if (layer.Residual is { } r) (place.ResidualRow, place.ResidualPixel) = (r.RowStride, r.PixelStride);
        for (int c = from; c < to; c += vector)
        {
            methods.Output(sums + c, ProductStride(filters.Outputs), result, half);
            place.Output = output + (nint)image * layer.Output.ImageStride + layer.Output.At(y, x) + c;
            if (residual != null) place.Residual = residual + (nint)image * layer.Residual!.ImageStride + layer.Residual.At(y, x) + c;
            place.Bias = filters.Bias.Address + c;
            methods.Write(result, ref place, Math.Min(Out, layer.Output.Height - y), Math.Min(Out, layer.Output.Width - x));
        }
    }

    private (int Image, int Y, int X) Place(int tile)
    {
        int aImage = tiles / layer.Output.Images;
        var (image, inImage) = Math.DivRem(tile, aImage);
        return (image, inImage / across * Out, inImage % across * Out);
    }

    private int MostTiles() => Math.Max(pixels, CacheFloats / WinogradFilters.Products / (filters.Channels + filters.Outputs) / pixels * pixels);

    // A stride that is a multiple of a page would put all products of a tile in the same cache set.
    private int ProductStride(int channels) => group * channels + Odd;

    private Pinned<int> Steps(int channels)
    {
        var steps = new Pinned<int>(group);
        for (int i = 0; i < group; i++) steps.Address[i] = i * channels;
        return steps;
    }

    private static int RoundUp(int n, int of) => (n + of - 1) / of * of;
}
