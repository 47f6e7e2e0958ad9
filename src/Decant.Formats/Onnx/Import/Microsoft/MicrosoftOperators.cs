using System.Collections.Frozen;
using Decant.Core;
using Decant.Formats.Onnx.Import.Upgrades;
using Decant.Formats.Onnx.Messages;

namespace Decant.Formats.Onnx.Import.Microsoft;

/// <summary>
/// Operators of ONNX Runtime's own domain that its tools write, each as standard operators that compute the same. To
/// support another one, add its line.
/// </summary>
internal static class MicrosoftOperators
{
    /// <summary>The domain.</summary>
    public const string Domain = "com.microsoft";

    private static readonly FrozenDictionary<string, Action<Lowering>> Table = new Dictionary<string, Action<Lowering>>(
        StringComparer.Ordinal
    )
    {
        ["BiasGelu"] = FusedOperators.BiasGelu,
        ["DequantizeLinear"] = l => l.Finish(l.Make("DequantizeLinear", l.Node.Attributes, l.Node.Inputs)),
        ["DynamicQuantizeMatMul"] = QuantizedProducts.DynamicQuantizeMatMul,
        ["FastGelu"] = FusedOperators.FastGelu,
        ["FusedConv"] = FusedOperators.FusedConv,
        ["FusedGemm"] = FusedOperators.FusedGemm,
        ["FusedMatMul"] = FusedOperators.FusedMatMul,
        ["Gelu"] = l => l.Finish(l.Make("Gelu", l.Node.Input(0))),
        ["MatMulIntegerToFloat"] = QuantizedProducts.MatMulIntegerToFloat,
        ["MatMulNBits"] = BlockedProduct.MatMulNBits,
        ["QGemm"] = QuantizedProducts.QGemm,
        ["QLinearAdd"] = l => QuantizedFunctions.OfTwo(l, "Add"),
        ["QLinearAveragePool"] = QuantizedFunctions.AveragePool,
        ["QLinearConcat"] = QuantizedFunctions.Concat,
        ["QLinearGlobalAveragePool"] = QuantizedFunctions.GlobalAveragePool,
        ["QLinearLeakyRelu"] = QuantizedFunctions.LeakyRelu,
        ["QLinearMul"] = l => QuantizedFunctions.OfTwo(l, "Mul"),
        ["QLinearSigmoid"] = l => QuantizedFunctions.OfOne(l, "Sigmoid", Attributes.None),
        ["QuantizeLinear"] = l => l.Finish(l.Make("QuantizeLinear", l.Node.Attributes, l.Node.Inputs)),
        ["QuickGelu"] = FusedOperators.QuickGelu,
        ["SkipLayerNormalization"] = FusedOperators.SkipLayerNormalization,
        ["SkipSimplifiedLayerNormalization"] = FusedOperators.SkipSimplifiedLayerNormalization,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Standard nodes in place of one of the domain.</summary>
    /// <exception cref="ModelException">The operator, or this use of it, is not supported.</exception>
    public static IReadOnlyList<GraphNode> Lowered(GraphNode node, UpgradeContext context)
    {
        if (!Table.TryGetValue(node.Type, out Action<Lowering>? lower))
            throw node.Error(
                $"operator '{node.Type}' of domain '{Domain}' is not supported; supported of it are "
                    + string.Join(", ", Table.Keys.Order(StringComparer.Ordinal))
            );
        var lowering = new Lowering(node, context);
        lower(lowering);
        return lowering.Nodes;
    }
}
