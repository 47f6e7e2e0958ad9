using Decant.Core;

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
        float[] values = weight.Encoding.Decode().Array<float>();
        CheckFinite(weight, values);
        var channels = new WeightChannels(weight.Encoding.Shape, axis);
        LinearGrid[] grids = [.. Enumerable.Range(0, channels.Count).Select(c => gridOf(channels.Take<float>(values, c)))];
        int[] codes = new int[values.Length];
        for (int i = 0; i < codes.Length; i++) codes[i] = grids[channels.Of(i)].Code(values[i]);
        return ToEncoding(weight.Encoding.Shape, bits, axis, grids, codes);
    }

    /// <summary>Codes on grids as an encoding.</summary>
    /// <param name="shape">The weight's shape.</param>
    /// <param name="bits">The grids' bits.</param>
    /// <param name="axis">The axis along which they differ; -1 for one.</param>
    /// <param name="grids">One, or one for each place along the axis.</param>
    /// <param name="codes">A code for each number.</param>
    public static LinearEncoding ToEncoding(Shape shape, int bits, int axis, LinearGrid[] grids, int[] codes)
    {
        // Codes without sign are held less half their range.
        int off = grids[0].Least < 0 ? 0 : 1 << (bits - 1);
        float[] scales = [.. grids.Select(g => g.Scale)];
        int[] zeros = off == 0 ? [] : [.. grids.Select(g => g.Zero - off)];
        return bits > 8
            ? new LinearEncoding(shape, bits, Array.ConvertAll(codes, c => (short)(c - off)), scales, zeros, axis)
            : new LinearEncoding(shape, bits, Array.ConvertAll(codes, c => (sbyte)(c - off)), scales, zeros, axis);
    }

    private static void CheckFinite(Weight weight, float[] values)
    {
        for (int i = 0; i < values.Length; i++)
            if (!float.IsFinite(values[i]))
                throw new ModelException($"weight '{weight.Name}' holds {values[i]} at {i}; only finite numbers can be quantized: leave it out of 'weights', or mend the model");
    }
}
