using Decant.Core.Operators;

namespace Decant.Core.Channels.Constants;

/// <summary>What operators make of constant channels.</summary>
internal static class ConstantRules
{
    /// <summary>Channels keep the constant that they have in input 0.</summary>
    public static Dictionary<int, double> Pass(NodeConstants n) => n.Each(r => n.Of(0, r));

    /// <summary>Constants within bounds that are constant.</summary>
    public static Dictionary<int, double> Clip(NodeConstants n) =>
        n.Each(r => n.Of(0, r) is { } x ? Clipped(n, x) : null);

    private static double? Clipped(NodeConstants n, double x)
    {
        for (int i = 1; i < n.Node.Inputs.Length; i++)
        {
            if (!n.Has(i))
                continue;
            if (n.Weight(i) is not [var bound])
                return null;
            x = i == 1 ? Math.Max(x, bound) : Math.Min(x, bound);
        }
        return x;
    }

    /// <summary>A channel is constant if all its parts are the same constant.</summary>
    public static Dictionary<int, double> Concat(NodeConstants n) =>
        n.Each(r =>
            NodeConstants.Same(
                Enumerable.Range(0, n.Node.Inputs.Length).Where(i => n.Has(i, r)).Select(i => n.Of(i, r))
            )
        );

    /// <summary>
    /// Channels that are put around others are what is padded with; a channel that is itself padded must be that
    /// already.
    /// </summary>
    public static Dictionary<int, double> Pad(NodeConstants n)
    {
        if (n.Node.Operator.Attributes.Text("mode", "constant") != "constant")
            return [];
        double? value = n.Has(2)
            ? n.Weight(2) is [var v]
                ? v
                : null
            : 0;
        return n.Each(r =>
            n.Has(0, r)
                ? n.Of(0, r) == value
                    ? value
                    : null
                : value
        );
    }

    /// <summary>A constant that is not zero stays only where no window reaches into padding.</summary>
    public static Dictionary<int, double> AveragePool(NodeConstants n) =>
        n.Each(r =>
            n.Of(0, r) is { } x
            && (x == 0 || !LinearConstants.HasPadding(n.Node.Operator, n.Node.Operator.Attributes.Ints("kernel_shape")))
                ? x
                : null
        );
}

/// <summary>Normalizations of constant channels.</summary>
internal static class NormConstants
{
    /// <summary>A channel that is scaled by zero is its bias, whatever it was.</summary>
    public static Dictionary<int, double> Batch(NodeConstants n)
    {
        float[] scale = n.Weight(1),
            bias = n.Weight(2),
            mean = n.Weight(3),
            variance = n.Weight(4);
        var norm = (BatchNormalization)n.Node.Operator;
        if (norm.TrainingMode || scale.Length * bias.Length * mean.Length * variance.Length == 0)
            return [];
        double epsilon = norm.Epsilon;
        return n.Along(1, i => scale[i] == 0 ? bias[i]
            : n.Of(0, n.Root(n.Marks(1)![i])) is { } x
                ? (x - mean[i]) / Math.Sqrt(variance[i] + epsilon) * scale[i] + bias[i]
            : null);
    }

    /// <summary>A constant is its own mean: its bias is left.</summary>
    public static Dictionary<int, double> Instance(NodeConstants n)
    {
        float[] scale = n.Weight(1),
            bias = n.Weight(2);
        if (scale.Length * bias.Length == 0)
            return [];
        return n.Along(1, i => scale[i] == 0 || n.Of(0, n.Root(n.Marks(1)![i])) is not null ? bias[i] : null);
    }
}

/// <summary>Recurrent cells: a unit whose weights and biases are all zero stays at zero, where it starts.</summary>
internal static class RecurrentConstants
{
    public static Dictionary<int, double> Of(NodeConstants n)
    {
        // Of the usual activations, those that make the state take zero to zero.
        if (n.Node.Operator.Attributes.Has("activations") || n.Has(5) || n.Has(6))
            return [];
        return n.Each(root => new[] { 1, 2, 3 }.All(i => !n.Has(i) || IsZero(n, i, root)) ? 0 : null);
    }

    private static bool IsZero(NodeConstants n, int input, int root)
    {
        float[] numbers = n.Weight(input);
        int[] rows = n.Marks(input, 1)!;
        int inner = (int)n.Shape(input).CountFrom(2);
        return numbers.Length > 0
            && !numbers.Where((w, i) => w != 0 && n.Root(rows[i / inner % rows.Length]) == root).Any();
    }
}
