using Decant.Runtime.Dense;
using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>
/// Products of the states of some sequences with recurrent weights, added to the sums of their gates.
/// </summary>
internal sealed unsafe class StateProducts
{
    private const int FewSequences = 3;
    private readonly delegate* <ref TileArguments, int, void> tile;
    private readonly delegate* <float*, nint, float*, float*, float*, int, void> row;
    private readonly Pinned<int> stateAt,
        gatesAt,
        noSegment = new(1);
    private readonly Pinned<float> zeros;
    private readonly int pixels,
        wide,
        gates;
    private readonly bool few;

    /// <summary>Makes ready for products.</summary>
    /// <param name="batch">How many sequences there are.</param>
    /// <param name="together">How many are multiplied at once.</param>
    /// <param name="wide">Numbers from a state to the next.</param>
    /// <param name="gates">Numbers from the sums of a sequence to the next's.</param>
    /// <param name="width">How wide vectors are.</param>
    public StateProducts(int batch, int together, int wide, int gates, VectorWidth width)
    {
        (this.wide, this.gates, few, pixels) = (wide, gates, AreFew(batch), batch <= 4 ? 4 : Tiles.Pixels(width));
        tile = batch <= 4 ? Tiles.Small(width) : Tiles.For(width);
        row = RowProducts.For(width);
        Rows = few ? together : (together + pixels - 1) / pixels * pixels;
        (stateAt, gatesAt) = (Steps(wide), Steps(gates));
        zeros = new Pinned<float>(gates);
    }

    /// <summary>Rows of states and sums: those of the sequences, and what fills up the last tile.</summary>
    public int Rows { get; }

    /// <summary>Whether so few sequences are multiplied one by one, with weights packed for rows.</summary>
    public static bool AreFew(int batch) => batch <= FewSequences;

    /// <summary>sums += states · weightsᵀ.</summary>
    public void Add(float* states, PackedFilters weights, float* sums, float* scratch)
    {
        foreach (FilterBlock block in weights.Blocks)
        {
            float* w = weights.Data.Address + (nint)block.Channel * weights.Depth,
                to = sums + block.Channel;
            if (few)
                for (int r = 0; r < Rows; r++)
                    row(
                        states + (nint)r * wide,
                        weights.Depth,
                        w,
                        to + (nint)r * gates,
                        to + (nint)r * gates,
                        block.Vectors
                    );
            else
                ByTiles(states, weights.Depth, w, to, block, scratch);
        }
    }

    private void ByTiles(float* states, int depth, float* w, float* to, FilterBlock block, float* scratch)
    {
        var t = new TileArguments
        {
            Segments = noSegment.Address,
            SegmentCount = 1,
            Run = depth,
            Input = states,
            Output = to,
            Residual = to,
            Low = float.NegativeInfinity,
            High = float.PositiveInfinity,
            Filters = w,
            Bias = zeros.Address,
            Channels = block.Channels,
            Scratch = scratch,
        };
        for (int r = 0; r < Rows; r += pixels)
        {
            t.InputAt = stateAt.Address + r;
            t.OutputAt = t.ResidualAt = gatesAt.Address + r;
            tile(ref t, block.Vectors);
        }
    }

    private Pinned<int> Steps(int stride)
    {
        var steps = new Pinned<int>(Rows);
        for (int i = 0; i < Rows; i++)
            steps.Address[i] = checked(i * stride);
        return steps;
    }
}
