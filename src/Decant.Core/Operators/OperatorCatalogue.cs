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
            ["Conv"] = a => new Operators.Conv(a),
            ["Div"] = a => new Operators.Div(a),
            ["Flatten"] = a => new Operators.Flatten(a),
            ["Gemm"] = a => new Operators.Gemm(a),
            ["GlobalAveragePool"] = a => new Operators.GlobalAveragePool(a),
            ["MatMul"] = a => new Operators.MatMul(a),
            ["MaxPool"] = a => new Operators.MaxPool(a),
            ["Mul"] = a => new Operators.Mul(a),
            ["Pad"] = a => new Operators.Pad(a),
            ["Relu"] = a => new Operators.Relu(a),
            ["Reshape"] = a => new Operators.Reshape(a),
            ["Sigmoid"] = a => new Operators.Sigmoid(a),
            ["Slice"] = a => new Operators.Slice(a),
            ["Softmax"] = a => new Operators.Softmax(a),
            ["Sub"] = a => new Operators.Sub(a),
            ["Tanh"] = a => new Operators.Tanh(a),
            ["Transpose"] = a => new Operators.Transpose(a),
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
