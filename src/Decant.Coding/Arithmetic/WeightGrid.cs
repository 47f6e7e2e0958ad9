using Decant.Core;

namespace Decant.Coding;

/// <summary>A weight seen as a matrix: a row for each output (axis 0), and in it groups of equal length, one an input channel, of kernel cells.</summary>
internal readonly record struct WeightGrid(int Rows, int Channels, int Cells)
{
    /// <summary>Numbers in a row.</summary>
    public int Columns => Channels * Cells;

    public static WeightGrid Of(Shape shape) => shape.Rank switch
    {
        _ when shape.Count == 0 => default,
        0 => new(1, 1, 1),
        1 => new(1, shape[0], 1),
        _ => new(shape[0], shape[1], (int)shape.CountFrom(2)),
    };
}
