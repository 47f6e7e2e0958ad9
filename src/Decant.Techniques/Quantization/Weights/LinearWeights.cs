using Decant.Core;
using Decant.Techniques.Groups;

namespace Decant.Techniques.Quantization;

/// <summary>Brings weights to grids.</summary>
internal static class LinearWeights
{
    /// <summary>Makes a grid of the numbers that share one.</summary>
    public delegate LinearGrid GridOf(ReadOnlySpan<float> values);

    /// <summary>The weight on grids, one or one for each place along an axis.</summary>
    /// <exception cref="ModelException">A number is not finite; the weight and the number's place are named.</exception>
    public static LinearEncoding Encode(Weight weight, int bits, int axis, GridOf gridOf)
    {
        float[] values = FiniteWeights.Of(weight, "quantized").Array<float>();
        var channels = new WeightChannels(weight.Encoding.Shape, axis);
        LinearGrid[] grids = [.. Enumerable.Range(0, channels.Count).Select(c => gridOf(channels.Take<float>(values, c)))];
        // Codes without sign are held less half their range.
        int off = grids[0].Least < 0 ? 0 : 1 << (bits - 1);
        int[] codes = new int[values.Length], zeros = off == 0 ? [] : [.. grids.Select(g => g.Zero - off)];
        for (int i = 0; i < codes.Length; i++) codes[i] = grids[channels.Of(i)].Code(values[i]) - off;
        return LinearEncoding.Of(weight.Encoding.Shape, bits, codes, [.. grids.Select(g => g.Scale)], zeros, axis);
    }
}
