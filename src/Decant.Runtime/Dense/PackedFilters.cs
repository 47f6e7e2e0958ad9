using Decant.Runtime.Memory;

namespace Decant.Runtime.Dense;

/// <summary>
/// Filters cut into blocks of a few vectors of output channels, each block with its channels side by side for every
/// step of the sum; the last block is filled up with zeros. So a tile reads them in order.
/// </summary>
internal sealed class PackedFilters
{
    /// <summary>Packs filters.</summary>
    /// <param name="outputs">How many output channels.</param>
    /// <param name="depth">How many numbers each sums over.</param>
    /// <param name="width">Numbers in a vector.</param>
    /// <param name="rows">The numbers of each output channel, one channel after another.</param>
    /// <param name="cut">How many vectors the next block has, of how many that are left;
    /// <see cref="FilterBlock.ForTiles"/> unless given.</param>
    public PackedFilters(int outputs, int depth, int width, ReadOnlySpan<float> rows, Func<int, int>? cut = null)
    {
        (Outputs, Depth) = (outputs, depth);
        Blocks = FilterBlock.Cut(outputs, width, cut ?? FilterBlock.ForTiles);
        int channels = Blocks[^1].Channel + Blocks[^1].Vectors * width;
        Data = new Pinned<float>(checked(channels * depth), zeroed: channels > outputs);
        foreach (FilterBlock block in Blocks)
            Fill(block, width, rows);
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
            for (int k = 0; k < row.Length; k++, to += stride)
                *to = row[k];
        }
    }
}

/// <summary>Some output channels of filters that one tile computes.</summary>
/// <param name="Channel">The first channel.</param>
/// <param name="Vectors">How many vectors hold them.</param>
/// <param name="Channels">How many channels there are.</param>
internal readonly record struct FilterBlock(int Channel, int Vectors, int Channels)
{
    /// <summary>
    /// Blocks for tiles of pixels. Three vectors rather than two and a lonely one, whose tile would wait for loads.
    /// </summary>
    public static int ForTiles(int left) => left is 1 or 3 or 5 || left % 3 == 0 ? Math.Min(3, left) : 2;

    /// <summary>Blocks for a single row of inputs, where only many vectors keep the processor busy.</summary>
    public static int ForRows(int left) =>
        left >= 8 ? 8
        : left >= 4 ? 4
        : left >= 2 ? 2
        : 1;

    /// <summary>Cuts output channels into blocks.</summary>
    /// <param name="outputs">How many output channels.</param>
    /// <param name="width">Numbers in a vector.</param>
    /// <param name="cut">How many vectors the next block has, of how many that are left.</param>
    public static FilterBlock[] Cut(int outputs, int width, Func<int, int> cut)
    {
        int vectors = (outputs + width - 1) / width;
        var blocks = new List<FilterBlock>();
        for (int v = 0, n; v < vectors; v += n)
        {
            n = cut(vectors - v);
            blocks.Add(new FilterBlock(v * width, n, Math.Min(outputs - v * width, n * width)));
        }
        return [.. blocks];
    }
}
