using Decant.Runtime.Dense;
using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>
/// A product of two values, or of a pair of matrices each: the right one is packed in every run, a block of columns at
/// a time.
/// </summary>
internal sealed unsafe class ValueProduct : Stage
{
    private const int Vectors = 3;
    private readonly ValueProductLayer layer;
    private readonly FilterBlock[] blocks;
    private readonly delegate* <ref TileArguments, int, void> tile;
    private readonly Pinned<int> inputAt,
        outputAt,
        noSegment = new(1);
    private readonly Pinned<float> bias;
    private readonly int width,
        pixels,
        partsAPiece;

    public ValueProduct(ValueProductLayer layer, ReadOnlySpan<float> bias, VectorWidth width, int threads)
    {
        (this.layer, this.width, pixels) = (layer, (int)width, layer.Rows <= 4 ? 4 : Tiles.Pixels(width));
        tile = layer.Rows <= 4 ? Tiles.Small(width) : Tiles.For(width);
        blocks = FilterBlock.Cut(layer.Columns, this.width, FilterBlock.ForTiles);
        this.bias = new Pinned<float>(layer.Columns + Vectors * this.width);
        bias.CopyTo(this.bias.Span);
        (inputAt, outputAt) = (Steps(layer.Depth), Steps(layer.Columns));
        int parts = checked(layer.LeftAt.Length * blocks.Length);
        partsAPiece = WorkPartition.Grain(parts, layer.Macs, threads);
        Pieces = (parts + partsAPiece - 1) / partsAPiece;
    }

    public override IEnumerable<PlanBuffer> Buffers => [layer.Left, layer.Right, layer.Output];

    public override int Scratch => checked(Tiles.Scratch + Vectors * width * layer.Depth);

    public override void Bind() { }

    public override void Run(int piece, float* scratch, CancellationToken cancellation)
    {
        int end = Math.Min(layer.LeftAt.Length * blocks.Length, (piece + 1) * partsAPiece);
        for (int part = piece * partsAPiece; part < end; part++)
        {
            var (pair, block) = Math.DivRem(part, blocks.Length);
            Pack(layer.Right.Address + layer.RightAt[pair], blocks[block], scratch + Tiles.Scratch);
            Multiply(pair, blocks[block], scratch, cancellation);
        }
    }

    /// <summary>Lays a block of columns row by row, filled up with zeros.</summary>
    private void Pack(float* from, FilterBlock block, float* to)
    {
        int wide = block.Vectors * width;
        if (block.Channels < wide)
            new Span<float>(to, wide * layer.Depth).Clear();
        if (layer.TransposesRight)
            PackTransposed(from + (nint)block.Channel * layer.Depth, block.Channels, wide, to);
        else
            for (int k = 0; k < layer.Depth; k++)
                new ReadOnlySpan<float>(from + (nint)k * layer.Columns + block.Channel, block.Channels).CopyTo(
                    new Span<float>(to + (nint)k * wide, block.Channels)
                );
        if (layer.Alpha == 1)
            return;
        for (int i = 0; i < wide * layer.Depth; i++)
            to[i] *= layer.Alpha;
    }

    private void PackTransposed(float* from, int channels, int wide, float* to)
    {
        const int Some = 16;
        for (int first = 0; first < layer.Depth; first += Some)
        for (int c = 0; c < channels; c++)
        {
            float* x = from + (nint)c * layer.Depth;
            for (int k = first; k < Math.Min(layer.Depth, first + Some); k++)
                to[(nint)k * wide + c] = x[k];
        }
    }

    private void Multiply(int pair, FilterBlock block, float* scratch, CancellationToken cancellation)
    {
        var t = new TileArguments
        {
            Segments = noSegment.Address,
            SegmentCount = 1,
            Run = layer.Depth,
            Input = layer.Left.Address + layer.LeftAt[pair],
            Output = layer.Output.Address + (nint)pair * layer.Rows * layer.Columns + block.Channel,
            Low = layer.Low,
            High = layer.High,
            Filters = scratch + Tiles.Scratch,
            Bias = bias.Address + block.Channel,
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

/// <summary>Products of pairs of matrices: y = alpha·a·b + bias, clamped.</summary>
/// <param name="Left">The left matrices, row by row.</param>
/// <param name="Right">The right matrices, row by row, or column by column where they are transposed.</param>
/// <param name="Output">The products, one after another.</param>
/// <param name="Rows">Rows of a product.</param>
/// <param name="Depth">Numbers that each sums over.</param>
/// <param name="Columns">Columns of a product.</param>
internal sealed record ValueProductLayer(
    PlanBuffer Left,
    PlanBuffer Right,
    PlanBuffer Output,
    int Rows,
    int Depth,
    int Columns
)
{
    /// <summary>For each pair, where the left matrix begins.</summary>
    public int[] LeftAt { get; init; } = [0];

    /// <summary>For each pair, where the right matrix begins.</summary>
    public int[] RightAt { get; init; } = [0];

    /// <summary>Whether right matrices lie column by column.</summary>
    public bool TransposesRight { get; init; }

    /// <summary>What products are multiplied by.</summary>
    public float Alpha { get; init; } = 1;

    /// <summary>The least result.</summary>
    public float Low { get; init; } = float.NegativeInfinity;

    /// <summary>The greatest result.</summary>
    public float High { get; init; } = float.PositiveInfinity;

    /// <summary>Multiply-accumulates.</summary>
    public long Macs => (long)LeftAt.Length * Rows * Depth * Columns;
}
