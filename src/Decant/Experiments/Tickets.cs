using Decant.Core;

namespace Decant.Experiments;

/// <summary>What the kept weights of a pruned network are set to before it is trained again; biases too go back to their start.</summary>
internal static class Tickets
{
    /// <summary>The mask of a pruned network over other values (Frankle and Carbin 2019: its own initial ones).</summary>
    /// <param name="pruned">Says which numbers are kept: those of its sparse weights.</param>
    /// <param name="values">Says what they are; of the same shapes.</param>
    public static Network Rewound(Network pruned, Network values) => pruned.With(pruned.Weights.Where(w => w.IsTrainable).ToDictionary(
        w => w.Name, w => w.Encoding is SparseEncoding mask ? Over(mask, values.Weights[w.Name].Encoding.Decode().Array<float>()) : values.Weights[w.Name].Encoding));

    /// <summary>Each matrix as the signs of its numbers × their standard deviation (Zhou et al. 2019: the "signed constant").</summary>
    public static Network SignedConstants(Network initial) => initial.With(initial.Weights.Where(w => w.IsTrainable && w.Encoding.Shape.Rank > 1)
        .ToDictionary(w => w.Name, Encoding (w) => SignedConstant(w.Encoding)));

    /// <summary>The share of all matrices' numbers that are not zero.</summary>
    public static double Left(Network network)
    {
        Weight[] matrices = [.. network.Weights.Where(w => w.Encoding.Shape.Rank > 1)];
        return (double)matrices.Sum(w => w.Encoding.NonZeros) / matrices.Sum(w => w.Encoding.Count);
    }

    private static SparseEncoding Over(SparseEncoding mask, float[] values)
    {
        int[] positions = mask.Positions.ToArray();
        return new SparseEncoding(mask.Shape, positions, Array.ConvertAll(positions, p => values[p]));
    }

    private static DenseEncoding SignedConstant(Encoding initial)
    {
        float[] values = initial.Decode().Array<float>();
        double mean = values.Average(v => (double)v);
        float size = (float)Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
        return new DenseEncoding(Tensor.Of(initial.Shape, Array.ConvertAll(values, v => v < 0 ? -size : size)));
    }
}
