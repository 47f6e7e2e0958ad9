using Decant.Runtime.Dense;
using Decant.Runtime.Memory;
using Decant.Runtime.Vectors;

namespace Decant.Runtime.Stages;

/// <summary>A dense fully connected layer, a block of outputs at a time.</summary>
internal sealed unsafe class Linear : Stage
{
    private readonly LinearLayer layer;
    private readonly LinearFilters filters;
    private readonly delegate* <ref TileArguments, int, void> tile;
    private readonly delegate* <float*, nint, float*, float*, float*, int, void> row;
    private readonly Pinned<int> inputAt,
        outputAt,
        noSegment = new(1);
    private readonly int pixels,
        blocksAPiece;
    private float* input,
        output;

    public Linear(LinearLayer layer, LinearFilters filters, VectorWidth width, int threads)
    {
        (this.layer, this.filters, pixels) = (layer, filters, Tiles.Pixels(width));
        tile = Tiles.For(width);
        row = RowProducts.For(width);
        int blocks = filters.Packed.Blocks.Length;
        blocksAPiece = WorkPartition.Grain(blocks, layer.Macs, threads);
        Pieces = (blocks + blocksAPiece - 1) / blocksAPiece;
        (inputAt, outputAt) = (Steps(layer.Depth), Steps(layer.Outputs));
    }

    public override IEnumerable<PlanBuffer> Buffers => [layer.Input, layer.Output];

    public override int Scratch => Tiles.Scratch;

    public override void Bind()
    {
        input = layer.Input.Address;
        output = layer.Output.Address;
    }

    public override void Run(int piece, float* scratch, CancellationToken cancellation)
    {
        int end = Math.Min(filters.Packed.Blocks.Length, (piece + 1) * blocksAPiece);
        for (int b = piece * blocksAPiece; b < end; b++)
            if (filters.Few)
                ByRows(filters.Packed.Blocks[b], scratch, cancellation);
            else
                ByTiles(filters.Packed.Blocks[b], scratch, cancellation);
    }

    private void ByRows(FilterBlock block, float* scratch, CancellationToken cancellation)
    {
        float* w = filters.Packed.Data.Address + (nint)block.Channel * layer.Depth;
        for (int r = 0; r < layer.Rows; r++)
        {
            cancellation.ThrowIfCancellationRequested();
            row(
                input + (nint)r * layer.Depth,
                layer.Depth,
                w,
                filters.Bias.Address + block.Channel,
                scratch,
                block.Vectors
            );
            float* y = output + (nint)r * layer.Outputs + block.Channel;
            for (int c = 0; c < block.Channels; c++)
                y[c] = SimdScalar.Min(layer.High, SimdScalar.Max(layer.Low, scratch[c]));
        }
    }

    private void ByTiles(FilterBlock block, float* scratch, CancellationToken cancellation)
    {
        var t = new TileArguments
        {
            Segments = noSegment.Address,
            SegmentCount = 1,
            Run = layer.Depth,
            Input = input,
            Output = output + block.Channel,
            Low = layer.Low,
            High = layer.High,
            Filters = filters.Packed.Data.Address + (nint)block.Channel * layer.Depth,
            Bias = filters.Bias.Address + block.Channel,
            Channels = block.Channels,
            Scratch = scratch,
        };
        for (int r = 0; r < layer.Rows; r += pixels)
        {
            cancellation.ThrowIfCancellationRequested();
            t.InputAt = inputAt.Address + r;
            t.OutputAt = outputAt.Address + r;
            tile(ref t, block.Vectors);
        }
    }

    /// <summary>Where each row begins; the last again and again where the last tile has more.</summary>
    private Pinned<int> Steps(int stride)
    {
        var steps = new Pinned<int>((layer.Rows + pixels - 1) / pixels * pixels);
        for (int i = 0; i < steps.Count; i++)
            steps.Address[i] = checked(Math.Min(i, layer.Rows - 1) * stride);
        return steps;
    }
}

/// <summary>The weights and bias of a fully connected layer, packed for many rows or for few.</summary>
internal sealed class LinearFilters
{
    // So few rows leave most of a tile's registers idle.
    private const int FewRows = 3;

    /// <summary>Packs weights given as one row for each output.</summary>
    public LinearFilters(
        ReadOnlySpan<float> weight,
        int outputs,
        int depth,
        ReadOnlySpan<float> bias,
        VectorWidth width,
        int rows
    )
    {
        Few = rows <= FewRows;
        Packed = new PackedFilters(
            outputs,
            depth,
            (int)width,
            weight,
            Few ? FilterBlock.ForRows : FilterBlock.ForTiles
        );
        Bias = new Pinned<float>(outputs + 8 * (int)width);
        bias.CopyTo(Bias.Span);
    }

    /// <summary>Whether rows are multiplied one by one.</summary>
    public bool Few { get; }

    /// <summary>The weights.</summary>
    public PackedFilters Packed { get; }

    /// <summary>The bias, filled up with zeros.</summary>
    public Pinned<float> Bias { get; }

    /// <summary>Which packing so many rows need.</summary>
    public static string Key(int rows) => rows <= FewRows ? "rows" : "tiles";
}
