using System.Collections.Immutable;

namespace Decant.Core;

/// <summary>Every operator there is: one line each.</summary>
public static class OperatorCatalogue
{
    private static readonly ImmutableSortedDictionary<string, Func<Attributes, Operator>> Makers =
        new Dictionary<string, Func<Attributes, Operator>>
        {
            ["Add"] = a => new Operators.Add(a),
            ["AveragePool"] = a => new Operators.AveragePool(a),
            ["BatchNormalization"] = a => new Operators.BatchNormalization(a),
            ["Concat"] = a => new Operators.Concat(a),
            ["ConstantOfShape"] = a => new Operators.ConstantOfShape(a),
            ["Conv"] = a => new Operators.Conv(a),
            ["ConvTranspose"] = a => new Operators.ConvTranspose(a),
            ["DepthToSpace"] = a => new Operators.DepthToSpace(a),
            ["Div"] = a => new Operators.Div(a),
            ["Expand"] = a => new Operators.Expand(a),
            ["Flatten"] = a => new Operators.Flatten(a),
            ["GRU"] = a => new Operators.GRU(a),
            ["Gather"] = a => new Operators.Gather(a),
            ["GatherElements"] = a => new Operators.GatherElements(a),
            ["GatherND"] = a => new Operators.GatherND(a),
            ["Gemm"] = a => new Operators.Gemm(a),
            ["GlobalAveragePool"] = a => new Operators.GlobalAveragePool(a),
            ["GlobalMaxPool"] = a => new Operators.GlobalMaxPool(a),
            ["GroupNormalization"] = a => new Operators.GroupNormalization(a),
            ["InstanceNormalization"] = a => new Operators.InstanceNormalization(a),
            ["LRN"] = a => new Operators.LRN(a),
            ["LSTM"] = a => new Operators.LSTM(a),
            ["LayerNormalization"] = a => new Operators.LayerNormalization(a),
            ["LogSoftmax"] = a => new Operators.LogSoftmax(a),
            ["LpPool"] = a => new Operators.LpPool(a),
            ["MatMul"] = a => new Operators.MatMul(a),
            ["MaxPool"] = a => new Operators.MaxPool(a),
            ["Mul"] = a => new Operators.Mul(a),
            ["NonZero"] = a => new Operators.NonZero(a),
            ["OneHot"] = a => new Operators.OneHot(a),
            ["Pad"] = a => new Operators.Pad(a),
            ["RMSNormalization"] = a => new Operators.RMSNormalization(a),
            ["RNN"] = a => new Operators.RNN(a),
            ["Range"] = a => new Operators.Range(a),
            ["Relu"] = a => new Operators.Relu(a),
            ["Reshape"] = a => new Operators.Reshape(a),
            ["Resize"] = a => new Operators.Resize(a),
            ["ScatterElements"] = a => new Operators.ScatterElements(a),
            ["Shape"] = a => new Operators.Inspection.Shape(a),
            ["Sigmoid"] = a => new Operators.Sigmoid(a),
            ["Size"] = a => new Operators.Size(a),
            ["Slice"] = a => new Operators.Slice(a),
            ["Softmax"] = a => new Operators.Softmax(a),
            ["SpaceToDepth"] = a => new Operators.SpaceToDepth(a),
            ["Split"] = a => new Operators.Split(a),
            ["Squeeze"] = a => new Operators.Squeeze(a),
            ["Sub"] = a => new Operators.Sub(a),
            ["Tanh"] = a => new Operators.Tanh(a),
            ["Tile"] = a => new Operators.Tile(a),
            ["TopK"] = a => new Operators.TopK(a),
            ["Transpose"] = a => new Operators.Transpose(a),
            ["Trilu"] = a => new Operators.Trilu(a),
            ["Unsqueeze"] = a => new Operators.Unsqueeze(a),
        }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>The operator types, in order.</summary>
    public static IEnumerable<string> Types => Makers.Keys;

    /// <summary>Whether an operator type is supported.</summary>
    public static bool Has(string type) => Makers.ContainsKey(type);

    /// <summary>Makes an operator from its type and attributes.</summary>
    /// <exception cref="ModelException">The type is not supported, or an attribute is unknown or wrong.</exception>
    public static Operator Create(string type, Attributes attributes) =>
        Makers.TryGetValue(type, out var make) ? make(attributes)
        : throw new ModelException($"operator '{type}' is not supported; supported are {string.Join(", ", Types)}");
}
