using Decant.Runtime.Dense;
using Decant.Runtime.Dense.Winograd;
using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>
/// A 3×3 convolution of stride 1 by Winograd's F(4×4, 3×3): 36 products for 16 outputs instead of 144. Tiles of 4×4
/// outputs are computed in groups small enough that a group's numbers stay in the second-level cache. Against direct
/// convolution the result differs by at most 2⁻¹⁶ of the sum of absolute products.
/// </summary>
internal sealed unsafe class WinogradConvolution : Stage
{
    private const int Out = 4,
        CacheFloats = 96 * 1024,
        Odd = 16,
        MostShortSteps = 32,
        LeastShortSums = 16;
    private readonly ConvolutionLayer layer;
    private readonly WinogradFilters filters;
    private readonly WinogradMethods before,
        behind;
    private readonly delegate* <ref TileArguments, int, void> compute;
    private readonly delegate* <float*, nint, int, float*, nint, int, float*, nint, void> shortSums;
    private readonly Pinned<int> inputAt,
        outputAt,
        readAt,
        writeAt,
        inside,
        noSegment = new(1);
    private readonly Pinned<int>? addAt;
    private readonly int across,
        tiles,
        group,
        groups,
        cuts,
        pixels,
        read,
        written,
        steps;
    private float* input,
        output,
        residual;

    /// <summary>Plans a convolution.</summary>
    /// <param name="layer">Its images and window.</param>
    /// <param name="filters">Its filters, packed for <paramref name="behind"/>.</param>
    /// <param name="before">The vectors that input channels fill.</param>
    /// <param name="behind">The vectors that output channels fill.</param>
    /// <param name="threads">How many threads there are.</param>
    public WinogradConvolution(
        ConvolutionLayer layer,
        WinogradFilters filters,
        VectorWidth before,
        VectorWidth behind,
        int threads
    )
    {
        (this.layer, this.filters, read, written) = (layer, filters, (int)before, (int)behind);
        (this.before, this.behind) = (WinogradMethods.For(before), WinogradMethods.For(behind));
        across = (layer.Output.Width + Out - 1) / Out;
        tiles = TilesOf(layer.Output);
        pixels = tiles <= 4 ? 4 : Tiles.Pixels(behind);
        compute = tiles <= 4 ? Tiles.Small(behind) : Tiles.For(behind);
        steps = filters.Paired ? filters.Channels / 2 : filters.Channels;
        if (filters.Paired || (behind == VectorWidth.V512 && filters.Outputs == written && AreShort(steps, tiles)))
            shortSums = Tiles.Stationary(filters.Paired);
        group = Math.Min(RoundUp(Math.Max(WorkPartition.Grain(tiles, layer.Macs, threads), 1), pixels), MostTiles());
        groups = (tiles + group - 1) / group;
        cuts = groups >= threads ? 1 : Math.Min(threads, filters.Blocks.Length);
        Pieces = groups * cuts;
        (inputAt, outputAt) = (Steps(filters.Channels), Steps(filters.Outputs));
        // The window begins one row and one column before its outputs, wherever the padding lies.
        (readAt, writeAt) = (
            Places(layer.Input, layer.Window.Padding.Top, layer.Window.Padding.Left),
            Places(layer.Output, 0, 0)
        );
        if (layer.Residual is { } r)
            addAt = Places(r, 0, 0);
        inside = Inside();
    }

    public override IEnumerable<PlanBuffer> Buffers => layer.Buffers;

    public override int Scratch =>
        Tiles.Scratch
        + WinogradFilters.Products * Math.Max(read, written)
        + ProductStride(filters.Channels) * WinogradFilters.Products
        + ProductStride(filters.Outputs) * WinogradFilters.Products;

    /// <summary>
    /// Whether sums take two steps at once: output channels fill half of the widest vectors, and sums are short and
    /// many.
    /// </summary>
    public static bool TakesPairs(ConvolutionLayer layer, int outputs, int channels, VectorWidth widest) =>
        widest == VectorWidth.V512
        && 2 * outputs == (int)widest
        && channels % 2 == 0
        && AreShort(channels / 2, TilesOf(layer.Output));

    /// <summary>The border that an image needs so that every tile can be read whole.</summary>
    public static Border Reach(int height, int width, Border padding) =>
        padding with
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

    public override void Run(int piece, float* scratch, CancellationToken cancellation)
    {
        (piece, int cut) = Math.DivRem(piece, cuts);
        int from = piece * group,
            to = Math.Min(tiles, from + group);
        float* half = scratch + Tiles.Scratch,
            transformed = half + WinogradFilters.Products * Math.Max(read, written);
        float* sums = transformed + ProductStride(filters.Channels) * WinogradFilters.Products;
        int blocks = filters.Blocks.Length,
            first = blocks * cut / cuts,
            end = blocks * (cut + 1) / cuts;
        for (int t = from; t < to; t++)
            TransformInput(t, transformed + (t - from) * filters.Channels, half);
        for (int p = 0; p < WinogradFilters.Products; p++)
            Multiply(p, first, end, to - from, transformed, sums, scratch);
        for (int t = from; t < to; t++)
            TransformOutput(t, first, end, sums + (t - from) * filters.Outputs, half, scratch);
    }

    private void TransformInput(int tile, float* to, float* half)
    {
        var (image, place) = Place(tile);
        float* from = input + image * layer.Input.ImageStride + readAt.Address[place];
        for (int c = 0; c < filters.Channels; c += read)
            before.Input(
                from + c,
                layer.Input.RowStride,
                layer.Input.PixelStride,
                to + c,
                ProductStride(filters.Channels),
                half
            );
    }

    private void Multiply(int product, int first, int end, int count, float* transformed, float* sums, float* scratch)
    {
        transformed += product * ProductStride(filters.Channels);
        sums += product * ProductStride(filters.Outputs);
        if (shortSums != null)
            shortSums(
                transformed,
                filters.Channels,
                count,
                filters.Of(product, filters.Blocks[0]),
                (int)VectorWidth.V512,
                steps,
                sums,
                filters.Outputs
            );
        else
            Tiled(product, first, end, count, transformed, sums, scratch);
    }

    private void Tiled(int product, int first, int end, int count, float* transformed, float* sums, float* scratch)
    {
        var t = new TileArguments
        {
            Input = transformed,
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
            t.Output = sums + block.Channel;
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
        var (image, at) = Place(tile);
        FilterBlock[] blocks = filters.Blocks;
        int from = blocks[first].Channel,
            to = blocks[end - 1].Channel + blocks[end - 1].Channels;
        var place = new WinogradPlace
        {
            OutputRow = layer.Output.RowStride,
            OutputPixel = layer.Output.PixelStride,
            Low = layer.Low,
            High = layer.High,
        };
        if (layer.Residual is { } r)
            (place.ResidualRow, place.ResidualPixel) = (r.RowStride, r.PixelStride);
        for (int c = from; c < to; c += written)
        {
            behind.Output(sums + c, ProductStride(filters.Outputs), result, half);
            place.Output = output + image * layer.Output.ImageStride + writeAt.Address[at] + c;
            if (residual != null)
                place.Residual = residual + image * layer.Residual!.ImageStride + addAt!.Address[at] + c;
            place.Bias = filters.Bias.Address + c;
            behind.Write(result, ref place, inside.Address[2 * at], inside.Address[2 * at + 1]);
        }
    }

    private (nint Image, int Place) Place(int tile) =>
        layer.Output.Images == 1 ? (0, tile) : Math.DivRem(tile, readAt.Count);

    /// <summary>Where each tile of an image begins.</summary>
    private Pinned<int> Places(ImageView view, int up, int left)
    {
        var places = new Pinned<int>(tiles / layer.Output.Images);
        for (int i = 0; i < places.Count; i++)
            places.Address[i] = view.At(i / across * Out - up, i % across * Out - left);
        return places;
    }

    /// <summary>For each tile of an image, how many of its rows and columns are inside.</summary>
    private Pinned<int> Inside()
    {
        var inside = new Pinned<int>(2 * readAt.Count);
        for (int i = 0; i < readAt.Count; i++)
            (inside.Address[2 * i], inside.Address[2 * i + 1]) = (
                Math.Min(Out, layer.Output.Height - i / across * Out),
                Math.Min(Out, layer.Output.Width - i % across * Out)
            );
        return inside;
    }

    private static int TilesOf(ImageView output) =>
        output.Images * ((output.Width + Out - 1) / Out) * ((output.Height + Out - 1) / Out);

    private static bool AreShort(int steps, int sums) =>
        steps % 8 == 0 && steps <= MostShortSteps && sums >= LeastShortSums;

    private int MostTiles() =>
        Math.Max(
            pixels,
            CacheFloats / WinogradFilters.Products / (filters.Channels + filters.Outputs) / pixels * pixels
        );

    // A stride that is a multiple of a page would put all products of a tile in the same cache set.
    private int ProductStride(int channels) => group * channels + Odd;

    private Pinned<int> Steps(int channels)
    {
        var steps = new Pinned<int>(group);
        for (int i = 0; i < group; i++)
            steps.Address[i] = i * channels;
        return steps;
    }

    private static int RoundUp(int n, int of) => (n + of - 1) / of * of;
}
