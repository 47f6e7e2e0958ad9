using Decant.Runtime.Planning.Layers;

namespace Decant.Runtime.Planning;

/// <summary>
/// Maps each operator to its planner. What is not here, or does not fit, runs as a kernel on tensors.
/// </summary>
internal static class LayerCatalogue
{
    private static readonly Dictionary<string, Func<Operation, PlanBuilder, bool>> Layers = new(StringComparer.Ordinal)
    {
        ["Abs"] = FunctionLayers.TryAdd,
        ["Add"] = ElementwiseLayers.TryAdd,
        ["AveragePool"] = PoolLayers.TryAdd,
        ["BatchNormalization"] = Normalizations.TryAdd,
        ["Cast"] = CastLayers.TryAdd,
        ["Celu"] = FunctionLayers.TryAdd,
        ["Clip"] = FunctionLayers.TryAdd,
        ["Concat"] = (o, p) => PartLayers.TryAdd(o, p) || DataMovementLayers.TryAdd(o, p),
        ["Conv"] = ConvolutionLayers.TryAdd,
        ["DequantizeLinear"] = ByteLayers.TryDequantize,
        ["Div"] = ElementwiseLayers.TryAdd,
        ["Elu"] = FunctionLayers.TryAdd,
        ["Erf"] = FunctionLayers.TryAdd,
        ["Exp"] = FunctionLayers.TryAdd,
        ["Expand"] = DataMovementLayers.TryAdd,
        ["Flatten"] = ShapeLayers.TryAdd,
        ["GRU"] = RecurrentLayers.TryAdd,
        ["Gather"] = GatherLayers.TryAdd,
        ["Gelu"] = FunctionLayers.TryAdd,
        ["Gemm"] = (o, p) => LinearLayers.TryAdd(o, p) || ValueProducts.TryAdd(o, p),
        ["GlobalAveragePool"] = PoolLayers.TryAdd,
        ["Greater"] = SignLayers.TryAddComparison,
        ["GreaterOrEqual"] = SignLayers.TryAddComparison,
        ["GroupNormalization"] = RowLayers.TryAdd,
        ["HardSigmoid"] = FunctionLayers.TryAdd,
        ["HardSwish"] = FunctionLayers.TryAdd,
        ["Identity"] = ShapeLayers.TryAdd,
        ["InstanceNormalization"] = RowLayers.TryAdd,
        ["LSTM"] = RecurrentLayers.TryAdd,
        ["LayerNormalization"] = RowLayers.TryAdd,
        ["LeakyRelu"] = FunctionLayers.TryAdd,
        ["Less"] = SignLayers.TryAddComparison,
        ["LessOrEqual"] = SignLayers.TryAddComparison,
        ["Log"] = FunctionLayers.TryAdd,
        ["LogSoftmax"] = RowLayers.TryAdd,
        ["MatMul"] = (o, p) => LinearLayers.TryAdd(o, p) || ValueProducts.TryAdd(o, p),
        ["MaxPool"] = PoolLayers.TryAdd,
        ["Mul"] = ElementwiseLayers.TryAdd,
        ["Neg"] = FunctionLayers.TryAdd,
        ["PRelu"] = ElementwiseLayers.TryAdd,
        ["Pad"] = PartLayers.TryAdd,
        ["Pow"] = FunctionLayers.TryAdd,
        ["QuantizeLinear"] = ByteLayers.TryQuantize,
        ["RMSNormalization"] = RowLayers.TryAdd,
        ["RNN"] = RecurrentLayers.TryAdd,
        ["Reciprocal"] = FunctionLayers.TryAdd,
        ["Relu"] = FunctionLayers.TryAdd,
        ["Reshape"] = ShapeLayers.TryAdd,
        ["Selu"] = FunctionLayers.TryAdd,
        ["Sigmoid"] = FunctionLayers.TryAdd,
        ["Slice"] = (o, p) => PartLayers.TryAdd(o, p) || DataMovementLayers.TryAdd(o, p),
        ["Softmax"] = RowLayers.TryAdd,
        ["Softplus"] = FunctionLayers.TryAdd,
        ["Split"] = DataMovementLayers.TryAdd,
        ["Sqrt"] = FunctionLayers.TryAdd,
        ["Squeeze"] = ShapeLayers.TryAdd,
        ["Sub"] = ElementwiseLayers.TryAdd,
        ["Tanh"] = FunctionLayers.TryAdd,
        ["Transpose"] = DataMovementLayers.TryAdd,
        ["Unsqueeze"] = ShapeLayers.TryAdd,
        ["Where"] = SignLayers.TryAddSigns,
    };

    /// <summary>Plans an operation; the end of it apart if no stage computes all of it.</summary>
    public static void Add(Operation operation, PlanBuilder plan)
    {
        if (plan.Given.For(operation.Node) is { } given)
        {
            KernelLayers.Add(operation.Node, plan, given);
            return;
        }
        if (TryAdd(operation, plan))
            return;
        if (operation.Shorter is null)
        {
            KernelLayers.Add(operation.Node, plan);
            return;
        }
        Add(operation.Shorter, plan);
        Add(new Operation(operation.Last), plan);
    }

    private static bool TryAdd(Operation operation, PlanBuilder plan) =>
        operation.Quantization is not null
            ? Int8Layers.TryAdd(operation, plan)
            : Layers.TryGetValue(operation.Node.Operator.Type, out var add) && add(operation, plan);
}
