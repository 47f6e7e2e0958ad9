using Decant.Core.Operators;

namespace Decant.Core.Channels.Constants;

/// <summary>Normalizations of constant channels.</summary>
internal static class NormConstants
{
    /// <summary>A channel that is scaled by zero is its bias, whatever it was.</summary>
    public static Dictionary<int, double> Batch(NodeConstants n)
    {
        float[] scale = n.Weight(1), bias = n.Weight(2), mean = n.Weight(3), variance = n.Weight(4);
        if (scale.Length * bias.Length * mean.Length * variance.Length == 0) return [];
        double epsilon = ((BatchNormalization)n.Node.Operator).Epsilon;
        return n.Along(1, i => scale[i] == 0 ? bias[i]
            : n.Of(0, n.Root(n.Marks(1)![i])) is { } x ? (x - mean[i]) / Math.Sqrt(variance[i] + epsilon) * scale[i] + bias[i] : null);
    }

    /// <summary>A constant is its own mean: its bias is left.</summary>
    public static Dictionary<int, double> Instance(NodeConstants n)
    {
        float[] scale = n.Weight(1), bias = n.Weight(2);
        if (scale.Length * bias.Length == 0) return [];
        return n.Along(1, i => scale[i] == 0 || n.Of(0, n.Root(n.Marks(1)![i])) is not null ? bias[i] : null);
    }
}
