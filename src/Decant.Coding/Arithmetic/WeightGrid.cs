using Decant.Core;

namespace Decant.Coding;

/// <summary>
/// A weight seen as a matrix: a row for each output (axis 0), and in it groups of equal length, one an input channel,
/// of kernel cells.
/// Kernel cells are themselves lines, as long as the last axis.
/// </summary>
/// <param name="Rows">Outputs.</param>
/// <param name="Channels">Inputs.</param>
/// <param name="Cells">Kernel cells.</param>
/// <param name="Width">Cells in a line of the kernel.</param>
internal readonly record struct WeightGrid(int Rows, int Channels, int Cells, int Width)
{
    /// <summary>Numbers in a row.</summary>
    public int Columns => Channels * Cells;

    /// <summary>The side of the square image that a row without kernels may be; 0 if it cannot.</summary>
    public int Side
    {
        get
        {
            if (Cells != 1 || Channels < 4)
                return 0;
            int side = 1;
            while ((long)side * side < Channels)
                side++;
            return (long)side * side == Channels ? side : 0;
        }
    }

    public static WeightGrid Of(Shape shape) =>
        shape.Rank switch
        {
            _ when shape.Count == 0 => default,
            0 => new(1, 1, 1, 1),
            1 => new(1, shape[0], 1, 1),
            2 => new(shape[0], shape[1], 1, 1),
            _ => new(shape[0], shape[1], (int)shape.CountFrom(2), shape[-1]),
        };
}
