using Decant.Core;

namespace Decant.Techniques.Pruning;

/// <summary>Numbers of a weight in stretches of equal length and distance: a slice along an axis, a block of a matrix, or all.</summary>
/// <param name="Weight">The weight's name.</param>
/// <param name="Offset">The row-major position of the first.</param>
/// <param name="Runs">How many stretches.</param>
/// <param name="Stride">From one stretch's start to the next one's.</param>
/// <param name="Length">Numbers in a stretch.</param>
public readonly record struct WeightRegion(string Weight, int Offset, int Runs, int Stride, int Length)
{
    /// <summary>How many numbers.</summary>
    public int Count => Runs * Length;

    /// <summary>Every number of a weight.</summary>
    public static WeightRegion Whole(Weight weight) => new(weight.Name, 0, 1, weight.Encoding.Count, weight.Encoding.Count);

    /// <summary>Neighbouring indices of a weight along an axis.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="axis">The axis, from 0.</param>
    /// <param name="from">The first index.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="ModelException">The weight has no such axis or indices.</exception>
    public static WeightRegion Slice(Weight weight, int axis, int from, int count = 1)
    {
        Shape shape = weight.Encoding.Shape;
        if (axis < 0 || axis >= shape.Rank || from < 0 || count < 1 || from + count > shape[axis])
            throw new ModelException($"weight '{weight.Name}' of shape {shape} has no indices {from} to {from + count - 1} along axis {axis}");
        int inner = (int)shape.CountFrom(axis + 1), outer = weight.Encoding.Count / (inner * shape[axis]);
        return new WeightRegion(weight.Name, from * inner, outer, inner * shape[axis], count * inner);
    }

    /// <summary>A sum over the region.</summary>
    /// <param name="numbers">A number for each position of the weight.</param>
    /// <param name="term">What is summed, of each number.</param>
    public double Sum(ReadOnlySpan<float> numbers, Func<double, double> term)
    {
        double sum = 0;
        for (int run = 0; run < Runs; run++)
            foreach (float v in numbers.Slice(Offset + run * Stride, Length)) sum += term(v);
        return sum;
    }
}
