using System.Collections.Frozen;
using Decant.Runtime.Planning.Layers;

namespace Decant.Runtime.Planning;

/// <summary>Who plans an operator: one line each. What is not here, or does not fit, runs as a kernel on tensors.</summary>
internal static class LayerCatalogue
{
    private static readonly FrozenDictionary<string, Func<Operation, PlanBuilder, bool>> Layers = new Dictionary<string, Func<Operation, PlanBuilder, bool>>
    {
        ["Add"] = ElementwiseLayers.TryAdd,
        ["AveragePool"] = PoolLayers.TryAdd,
        ["BatchNormalization"] = Normalizations.TryAdd,
        ["Concat"] = PartLayers.TryAdd,
        ["Conv"] = ConvolutionLayers.TryAdd,
        ["DequantizeLinear"] = ByteLayers.TryDequantize,
        ["Div"] = ElementwiseLayers.TryAdd,
        ["Flatten"] = ShapeLayers.TryAdd,
        ["Gemm"] = LinearLayers.TryAdd,
        ["GlobalAveragePool"] = PoolLayers.TryAdd,
        ["GreaterOrEqual"] = SignLayers.TryAddComparison,
        ["Less"] = SignLayers.TryAddComparison,
        ["MatMul"] = LinearLayers.TryAdd,
        ["MaxPool"] = PoolLayers.TryAdd,
        ["Mul"] = ElementwiseLayers.TryAdd,
        ["Pad"] = PartLayers.TryAdd,
        ["QuantizeLinear"] = ByteLayers.TryQuantize,
        ["Relu"] = ElementwiseLayers.TryAdd,
        ["Reshape"] = ShapeLayers.TryAdd,
        ["Sigmoid"] = ElementwiseLayers.TryAdd,
        ["Slice"] = PartLayers.TryAdd,
        ["Sub"] = ElementwiseLayers.TryAdd,
        ["Where"] = SignLayers.TryAddSigns,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Plans an operation; the end of it apart if no stage computes all of it.</summary>
    public static void Add(Operation operation, PlanBuilder plan)
    {
        if (TryAdd(operation, plan)) return;
        if (operation.Shorter is null)
        {
            KernelLayers.Add(operation.Node, plan);
            return;
        }
        Add(operation.Shorter, plan);
        Add(new Operation(operation.Last), plan);
    }

    private static bool TryAdd(Operation operation, PlanBuilder plan) => operation.Quantization is not null
        ? Int8Layers.TryAdd(operation, plan)
        : Layers.TryGetValue(operation.Node.Operator.Type, out var add) && add(operation, plan);
}
