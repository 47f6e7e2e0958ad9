using Decant.Runtime.Memory;

namespace Decant.Runtime.Dense;

/// <summary>
/// Filters cut into blocks of a few vectors of output channels, each block with its channels side by side for every step of the
/// sum; the last block is filled up with zeros. So a tile reads them in order.
/// </summary>
internal sealed class PackedFilters
{
    /// <summary>Packs filters.</summary>
    /// <param name="outputs">How many output channels.</param>
    /// <param name="depth">How many numbers each sums over.</param>
    /// <param name="width">Numbers in a vector.</param>
    /// <param name="rows">The numbers of each output channel, one channel after another.</param>
    /// <param name="cut">How many vectors the next block has, of how many that are left; <see cref="FilterBlock.ForTiles"/> unless given.</param>
    public PackedFilters(int outputs, int depth, int width, ReadOnlySpan<float> rows, Func<int, int>? cut = null)
    {
        (Outputs, Depth) = (outputs, depth);
        Blocks = FilterBlock.Cut(outputs, width, cut ?? FilterBlock.ForTiles);
        int channels = Blocks[^1].Channel + Blocks[^1].Vectors * width;
        Data = new Pinned<float>(checked(channels * depth), zeroed: channels > outputs);
        foreach (FilterBlock block in Blocks) Fill(block, width, rows);
    }

    /// <summary>Output channels.</summary>
    public int Outputs { get; }

    /// <summary>Steps of the sum.</summary>
    public int Depth { get; }

    /// <summary>The blocks, one after another in the data.</summary>
    public FilterBlock[] Blocks { get; }

    /// <summary>The numbers; block b begins at its first channel times the depth.</summary>
    public Pinned<float> Data { get; }

    private unsafe void Fill(FilterBlock block, int width, ReadOnlySpan<float> rows)
    {
        int stride = block.Vectors * width;
        float* start = Data.Address + (nint)block.Channel * Depth;
        for (int c = 0; c < block.Channels; c++)
        {
            ReadOnlySpan<float> row = rows.Slice((block.Channel + c) * Depth, Depth);
            float* to = start + c;
            for (int k = 0; k < row.Length; k++, to += stride) *to = row[k];
        }
    }
}
