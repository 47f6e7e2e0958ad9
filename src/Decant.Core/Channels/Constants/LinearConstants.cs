using Decant.Core.Operators;

namespace Decant.Core.Channels.Constants;

/// <summary>Channels that layers make of constant channels, or of none.</summary>
internal static class LinearConstants
{
    /// <summary>Whether a window of an extent, one for each spatial axis, may reach into padding.</summary>
    public static bool HasPadding(Operator op, IEnumerable<long> kernel) =>
        op.Attributes.Text("auto_pad", "NOTSET") switch
        {
            "NOTSET" => op.Attributes.Ints("pads").Any(p => p != 0) || op.Attributes.Flag("ceil_mode"),
            "VALID" => false,
            _ => kernel.Any(k => k != 1) || op.Attributes.Ints("strides").Any(s => s != 1),
        };

    /// <summary>Whether a Conv may reach into padding.</summary>
    public static bool HasPadding(Operator op, Shape w) => HasPadding(op, w.Dims.Skip(2).Select(d => (long)d));

    public static Dictionary<int, double> Conv(NodeConstants n)
    {
        float[] w = n.Weight(1),
            bias = n.Weight(2);
        if (w.Length == 0 || (n.Has(2) && bias.Length == 0))
            return [];
        Shape shape = n.Shape(1);
        int groups = ((Conv)n.Node.Operator).Group,
            inner = (int)shape.CountFrom(2);
        bool padded = HasPadding(n.Node.Operator, shape);
        double? Read(int m, int k) =>
            Input(n, 1, m / (shape[0] / groups) * shape[1] + k) is { } x && (x == 0 || !padded) ? x : null;
        return n.Along(1, m =>
            Sum(bias.Length > 0 ? bias[m] : 0, shape[1], k =>
                Term(w.AsSpan((m * shape[1] + k) * inner, inner), () => Read(m, k))
            )
        );
    }

    /// <summary>
    /// Where windows overlap differs from place to place, so only what is made of nothing is constant.
    /// </summary>
    public static Dictionary<int, double> ConvTranspose(NodeConstants n)
    {
        float[] w = n.Weight(1),
            bias = n.Weight(2);
        if (w.Length == 0 || (n.Has(2) && bias.Length == 0))
            return [];
        Shape shape = n.Shape(1);
        int inner = (int)shape.CountFrom(2);
        return n.Along(1, m =>
            Sum(bias.Length > 0 ? bias[m] : 0, shape[0], c =>
                Term(w.AsSpan((c * shape[1] + m) * inner, inner), () => Input(n, 1, c) == 0 ? 0 : null)
            )
        );
    }

    public static Dictionary<int, double> Gemm(NodeConstants n)
    {
        var gemm = (Gemm)n.Node.Operator;
        float[] c = n.Weight(2);
        int columns = n.Shape(1)[gemm.TransB ? 0 : 1];
        if (n.Has(2) && c.Length != 1 && c.Length != columns)
            return [];
        return Product(n, gemm.TransA ? 0 : 1, gemm.TransB, gemm.Alpha, j =>
            n.Has(2) ? gemm.Beta * c[j % c.Length] : 0
        );
    }

    public static Dictionary<int, double> MatMul(NodeConstants n) =>
        n.Shape(1).Rank == 2 ? Product(n, n.Shape(0).Rank - 1, false, 1, _ => 0) : [];

    private static Dictionary<int, double> Product(
        NodeConstants n,
        int axis,
        bool transposed,
        double alpha,
        Func<int, double> bias
    )
    {
        float[] w = n.Weight(1);
        Shape shape = n.Shape(1);
        int depth = shape[transposed ? 1 : 0];
        if (w.Length == 0)
            return [];
        return n.Along(n.Shape(0).Rank - 1, j =>
            Sum(bias(j), depth, k =>
                Term(w.AsSpan(transposed ? j * depth + k : k * shape[1] + j, 1), () => Input(n, axis, k)) * alpha
            )
        );
    }

    private static double? Input(NodeConstants n, int axis, int place) =>
        n.Marks(0, axis) is { } marks ? n.Of(0, n.Root(marks[place])) : null;

    private static double? Term(ReadOnlySpan<float> weights, Func<double?> input)
    {
        if (!weights.ContainsAnyExcept(0f))
            return 0;
        if (input() is not { } x)
            return null;
        double sum = 0;
        foreach (float w in weights)
            sum += w;
        return x * sum;
    }

    private static double? Sum(double start, int count, Func<int, double?> term)
    {
        double? sum = start;
        for (int i = 0; i < count && sum is not null; i++)
            sum += term(i);
        return sum;
    }
}
