namespace Decant.Runtime.Dense;

/// <summary>Some output channels of filters that one tile computes.</summary>
/// <param name="Channel">The first channel.</param>
/// <param name="Vectors">How many vectors hold them.</param>
/// <param name="Channels">How many channels there are.</param>
internal readonly record struct FilterBlock(int Channel, int Vectors, int Channels)
{
    /// <summary>Blocks for tiles of pixels. Three vectors rather than two and a lonely one, whose tile would wait for loads.</summary>
    public static int ForTiles(int left) => left is 1 or 3 or 5 || left % 3 == 0 ? Math.Min(3, left) : 2;

    /// <summary>Blocks for a single row of inputs, where only many vectors keep the processor busy.</summary>
    public static int ForRows(int left) => left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;

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
