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
        ["Div"] = ElementwiseLayers.TryAdd,
        ["Flatten"] = ShapeLayers.TryAdd,
        ["Gemm"] = LinearLayers.TryAdd,
        ["GlobalAveragePool"] = PoolLayers.TryAdd,
        ["MatMul"] = LinearLayers.TryAdd,
        ["MaxPool"] = PoolLayers.TryAdd,
        ["Mul"] = ElementwiseLayers.TryAdd,
        ["Pad"] = PartLayers.TryAdd,
        ["Relu"] = ElementwiseLayers.TryAdd,
        ["Reshape"] = ShapeLayers.TryAdd,
        ["Sigmoid"] = ElementwiseLayers.TryAdd,
        ["Slice"] = PartLayers.TryAdd,
        ["Sub"] = ElementwiseLayers.TryAdd,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Plans an operation; node by node if no stage computes all of it.</summary>
    public static void Add(Operation operation, PlanBuilder plan)
    {
        if (TryAdd(operation, plan)) return;
        foreach (Node node in operation.Nodes)
            if (operation.Nodes.Count == 1 || !TryAdd(new Operation(node), plan)) KernelLayers.Add(node, plan);
    }

    private static bool TryAdd(Operation operation, PlanBuilder plan) =>
        Layers.TryGetValue(operation.Node.Operator.Type, out var add) && add(operation, plan);
}
