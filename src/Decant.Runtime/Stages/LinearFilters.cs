using Decant.Runtime.Dense;
using Decant.Runtime.Memory;

namespace Decant.Runtime.Stages;

/// <summary>The weights and bias of a fully connected layer, packed for many rows or for few.</summary>
internal sealed class LinearFilters
{
    // So few rows leave most of a tile's registers idle.
    private const int FewRows = 3;

    /// <summary>Packs weights given as one row for each output.</summary>
    public LinearFilters(ReadOnlySpan<float> weight, int outputs, int depth, ReadOnlySpan<float> bias, VectorWidth width, int rows)
    {
        Few = rows <= FewRows;
        Packed = new PackedFilters(outputs, depth, (int)width, weight, Few ? FilterBlock.ForRows : FilterBlock.ForTiles);
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
