namespace Decant.Core;

/// <summary>
/// A layer's weight seen with four axes, row-major: groups of channels that do not mix; two along which its outputs and
/// its inputs lie; and the kernel's places. The product of the extents is the number of elements.
/// </summary>
/// <param name="Groups">How many groups there are.</param>
/// <param name="First">The extent of the first of the two channel axes, of one group.</param>
/// <param name="Second">The extent of the second.</param>
/// <param name="Kernel">How many places the kernel has; 1 for a matrix.</param>
/// <param name="Output">Which of the four axes counts outputs: 1, the first channel axis, or 2, the second.</param>
/// <param name="OutputAxis">The axis of the weight itself along which each place is one output; null if there is
/// none.</param>
/// <param name="InputAxis">The axis of the weight itself along which its inputs lie, those of a group.</param>
public sealed record LayerAxes(
    long Groups,
    long First,
    long Second,
    long Kernel,
    int Output,
    int? OutputAxis,
    int InputAxis
)
{
    /// <summary>Which of the four axes counts inputs: 1 or 2.</summary>
    public int Input => 3 - Output;

    /// <summary>The extents of the four axes.</summary>
    public long[] Sizes => [Groups, First, Second, Kernel];

    /// <summary>A matrix, or a stack of them; outputs lie along its first or its second axis.</summary>
    internal static LayerAxes Matrix(Shape shape, int output) =>
        new(
            new Shape(shape.Dims.AsSpan()[..^2]).Count,
            shape[-2],
            shape[-1],
            1,
            output,
            shape.Rank - (output == 1 ? 2 : 1),
            shape.Rank - (output == 1 ? 1 : 2)
        );
}
