using System.Collections.Frozen;
using Decant.Core;
using Decant.Formats.Onnx.Import.Upgrades;
using Decant.Formats.Onnx.Messages;

namespace Decant.Formats.Onnx.Import.Composed;

/// <summary>
/// Standard operators that others compute, each as those: no executor or technique need know them. To support another
/// one, add its line.
/// </summary>
internal static class ComposedOperators
{
    private static readonly FrozenDictionary<string, Action<Lowering>> Table = new Dictionary<string, Action<Lowering>>(
        StringComparer.Ordinal
    )
    {
        ["AffineGrid"] = Geometry.AffineGrid,
        ["Attention"] = Attention.Lower,
        ["BitShift"] = Bits.Shift,
        ["BitwiseNot"] = Bits.Not,
        ["BlackmanWindow"] = SoundWindows.Blackman,
        ["CenterCropPad"] = Selecting.CenterCropPad,
        ["Col2Im"] = Geometry.Col2Im,
        ["Compress"] = Selecting.Compress,
        ["CumProd"] = CumulativeProduct.Lower,
        ["DFT"] = Fourier.Dft,
        ["DeformConv"] = DeformConv.Lower,
        ["Einsum"] = Einsum.Lower,
        ["EyeLike"] = Selecting.EyeLike,
        ["GlobalLpPool"] = Normalizing.GlobalLpPool,
        ["GridSample"] = GridSample.Lower,
        ["HammingWindow"] = SoundWindows.Hamming,
        ["HannWindow"] = SoundWindows.Hann,
        ["Hardmax"] = Normalizing.Hardmax,
        ["IsInf"] = IsInf,
        ["IsNaN"] = l => l.Finish(l.Make("Not", l.Make("Equal", l.Node.Input(0), l.Node.Input(0)))),
        ["LpNormalization"] = Normalizing.LpNormalization,
        ["MaxUnpool"] = Selecting.MaxUnpool,
        ["MeanVarianceNormalization"] = Normalizing.MeanVarianceNormalization,
        ["MelWeightMatrix"] = SoundWindows.MelWeightMatrix,
        ["NegativeLogLikelihoodLoss"] = Losses.NegativeLogLikelihood,
        ["ReverseSequence"] = Selecting.ReverseSequence,
        ["RotaryEmbedding"] = RotaryEmbedding.Lower,
        ["STFT"] = Fourier.Stft,
        ["ScatterND"] = ScatterNd.Lower,
        ["Shrink"] = Normalizing.Shrink,
        ["SoftmaxCrossEntropyLoss"] = Losses.SoftmaxCrossEntropy,
        ["Swish"] = Swish,
        ["TensorScatter"] = Selecting.TensorScatter,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The nodes that compute what one does: itself, unless it is in the table.</summary>
    /// <exception cref="ModelException">This use of the operator is not supported.</exception>
    public static IReadOnlyList<GraphNode> Lowered(GraphNode node, UpgradeContext context)
    {
        if (!Table.TryGetValue(node.Type, out Action<Lowering>? lower))
            return [node];
        var lowering = new Lowering(node, context);
        lower(lowering);
        return lowering.Nodes;
    }

    /// <summary>x·sigmoid(alpha·x).</summary>
    private static void Swish(Lowering l)
    {
        l.Node.Attributes.EnsureOnly("alpha");
        string x = l.Node.Input(0);
        float alpha = l.Node.Attributes.Float("alpha", 1);
        string scaled = alpha == 1 ? x : l.Make("Mul", x, l.Weight("alpha", Tensor.Scalar(alpha)));
        l.Finish(l.Make("Mul", x, l.Make("Sigmoid", scaled)));
    }

    /// <summary>Whether an element is infinite, of one sign or of either.</summary>
    private static void IsInf(Lowering l)
    {
        l.Node.Attributes.EnsureOnly("detect_negative", "detect_positive");
        string x = l.Node.Input(0);
        bool high = l.Node.Attributes.Flag("detect_positive", true),
            low = l.Node.Attributes.Flag("detect_negative", true);
        string Is(double infinity, string name) =>
            l.Make(
                "Equal",
                x,
                l.Weight(
                    name,
                    l.Type(0) == ElementType.Float64 ? Tensor.Scalar(infinity) : Tensor.Scalar((float)infinity)
                )
            );
        if (high && low)
            l.Finish(l.Make("Or", Is(double.PositiveInfinity, "high"), Is(double.NegativeInfinity, "low")));
        else if (high || low)
            l.Finish(Is(high ? double.PositiveInfinity : double.NegativeInfinity, "infinity"));
        else
            l.Finish(l.Make("Less", x, x));
    }
}
