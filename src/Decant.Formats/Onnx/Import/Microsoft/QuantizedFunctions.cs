using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Formats.Onnx.Import.Microsoft;

/// <summary>Functions of quantized tensors: dequantized, computed in floats, and quantized again.</summary>
internal static class QuantizedFunctions
{
    /// <summary>Inputs A, its scale and zero point, B, its scale and zero point, then those of the result.</summary>
    public static void OfTwo(Lowering l, string type) =>
        l.Finish(l.Quantized(l.Make(type, l.Dequantized(0, 1, 2), l.Dequantized(3, 4, 5)), 6, 7, like: 0));

    /// <summary>Inputs X, its scale and zero point, then those of the result.</summary>
    public static void OfOne(Lowering l, string type, Attributes attributes) =>
        l.Finish(l.Quantized(l.Make(type, attributes, l.Dequantized(0, 1, 2)), 3, 4, like: 0));

    /// <summary>A leaky ReLU, whose slope is 0.01 unless stated.</summary>
    public static void LeakyRelu(Lowering l) =>
        OfOne(l, "LeakyRelu", new Attributes(("alpha", l.Node.Attributes.Float("alpha", 0.01f))));

    /// <summary>Inputs the result's scale and zero point, then three for each part.</summary>
    public static void Concat(Lowering l)
    {
        // The last zero point may be left out.
        int parts = l.Node.Inputs.Length / 3;
        if (parts == 0)
            throw new ModelException("it has nothing to join");
        var floats = ImmutableArray.CreateBuilder<string>();
        for (int i = 0; i < parts; i++)
            floats.Add(l.Dequantized(2 + 3 * i, 3 + 3 * i, 4 + 3 * i));
        l.Finish(l.Quantized(l.Make("Concat", l.Node.Attributes, floats.ToImmutable()), 0, 1, like: 2));
    }

    /// <summary>Average pooling, of channels that lie first or last.</summary>
    public static void AveragePool(Lowering l) => Pooled(l, "AveragePool", l.Node.Attributes.Without("channels_last"));

    /// <summary>Average pooling over all of an image.</summary>
    public static void GlobalAveragePool(Lowering l) => Pooled(l, "GlobalAveragePool", Attributes.None);

    private static void Pooled(Lowering l, string type, Attributes attributes)
    {
        if (!l.Node.Attributes.Flag("channels_last"))
        {
            OfOne(l, type, attributes);
            return;
        }
        int rank = l.Rank(0);
        if (rank < 3)
            throw new ModelException($"an image has 3 axes or more; its input has {rank}");
        int[] spatial = [.. Enumerable.Range(1, rank - 2)];
        string first = Transposed(l, l.Dequantized(0, 1, 2), [0, rank - 1, .. spatial]),
            pooled = l.Make(type, attributes, first);
        l.Finish(l.Quantized(Transposed(l, pooled, [0, .. spatial.Select(a => a + 1), 1]), 3, 4, like: 0));
    }

    private static string Transposed(Lowering l, string value, int[] order) =>
        l.Make("Transpose", new Attributes(("perm", order.Select(a => (long)a).ToImmutableArray())), value);
}
