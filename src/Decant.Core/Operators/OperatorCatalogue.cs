using System.Collections.Immutable;

namespace Decant.Core;

/// <summary>Every operator there is: one line each.</summary>
public static class OperatorCatalogue
{
    private static readonly ImmutableSortedDictionary<string, Func<Attributes, Operator>> Makers =
        new Dictionary<string, Func<Attributes, Operator>>
        {
            ["Abs"] = a => new Operators.Abs(a),
            ["Add"] = a => new Operators.Add(a),
            ["And"] = a => new Operators.And(a),
            ["ArgMax"] = a => new Operators.ArgMax(a),
            ["ArgMin"] = a => new Operators.ArgMin(a),
            ["AveragePool"] = a => new Operators.AveragePool(a),
            ["BatchNormalization"] = a => new Operators.BatchNormalization(a),
            ["Cast"] = a => new Operators.Cast(a),
            ["CastLike"] = a => new Operators.CastLike(a),
            ["Ceil"] = a => new Operators.Ceil(a),
            ["Celu"] = a => new Operators.Celu(a),
            ["Clip"] = a => new Operators.Clip(a),
            ["Concat"] = a => new Operators.Concat(a),
            ["Conv"] = a => new Operators.Conv(a),
            ["ConvInteger"] = a => new Operators.ConvInteger(a),
            ["Cos"] = a => new Operators.Cos(a),
            ["CumSum"] = a => new Operators.CumSum(a),
            ["DequantizeLinear"] = a => new Operators.DequantizeLinear(a),
            ["Div"] = a => new Operators.Div(a),
            ["Dropout"] = a => new Operators.Dropout(a),
            ["DynamicQuantizeLinear"] = a => new Operators.DynamicQuantizeLinear(a),
            ["Elu"] = a => new Operators.Elu(a),
            ["Equal"] = a => new Operators.Equal(a),
            ["Erf"] = a => new Operators.Erf(a),
            ["Exp"] = a => new Operators.Exp(a),
            ["Flatten"] = a => new Operators.Flatten(a),
            ["Floor"] = a => new Operators.Floor(a),
            ["Gelu"] = a => new Operators.Gelu(a),
            ["Gemm"] = a => new Operators.Gemm(a),
            ["GlobalAveragePool"] = a => new Operators.GlobalAveragePool(a),
            ["Greater"] = a => new Operators.Greater(a),
            ["GreaterOrEqual"] = a => new Operators.GreaterOrEqual(a),
            ["HardSigmoid"] = a => new Operators.HardSigmoid(a),
            ["HardSwish"] = a => new Operators.HardSwish(a),
            ["Identity"] = a => new Operators.Identity(a),
            ["LeakyRelu"] = a => new Operators.LeakyRelu(a),
            ["Less"] = a => new Operators.Less(a),
            ["LessOrEqual"] = a => new Operators.LessOrEqual(a),
            ["Log"] = a => new Operators.Log(a),
            ["MatMul"] = a => new Operators.MatMul(a),
            ["MatMulInteger"] = a => new Operators.MatMulInteger(a),
            ["Max"] = a => new Operators.Max(a),
            ["MaxPool"] = a => new Operators.MaxPool(a),
            ["Mean"] = a => new Operators.Mean(a),
            ["Min"] = a => new Operators.Min(a),
            ["Mish"] = a => new Operators.Mish(a),
            ["Mod"] = a => new Operators.Mod(a),
            ["Mul"] = a => new Operators.Mul(a),
            ["Neg"] = a => new Operators.Neg(a),
            ["Not"] = a => new Operators.Not(a),
            ["Or"] = a => new Operators.Or(a),
            ["PRelu"] = a => new Operators.PRelu(a),
            ["Pad"] = a => new Operators.Pad(a),
            ["Pow"] = a => new Operators.Pow(a),
            ["QLinearConv"] = a => new Operators.QLinearConv(a),
            ["QLinearMatMul"] = a => new Operators.QLinearMatMul(a),
            ["QuantizeLinear"] = a => new Operators.QuantizeLinear(a),
            ["Reciprocal"] = a => new Operators.Reciprocal(a),
            ["ReduceL1"] = a => new Operators.ReduceL1(a),
            ["ReduceL2"] = a => new Operators.ReduceL2(a),
            ["ReduceLogSum"] = a => new Operators.ReduceLogSum(a),
            ["ReduceLogSumExp"] = a => new Operators.ReduceLogSumExp(a),
            ["ReduceMax"] = a => new Operators.ReduceMax(a),
            ["ReduceMean"] = a => new Operators.ReduceMean(a),
            ["ReduceMin"] = a => new Operators.ReduceMin(a),
            ["ReduceProd"] = a => new Operators.ReduceProd(a),
            ["ReduceSum"] = a => new Operators.ReduceSum(a),
            ["ReduceSumSquare"] = a => new Operators.ReduceSumSquare(a),
            ["Relu"] = a => new Operators.Relu(a),
            ["Reshape"] = a => new Operators.Reshape(a),
            ["Round"] = a => new Operators.Round(a),
            ["Selu"] = a => new Operators.Selu(a),
            ["Sigmoid"] = a => new Operators.Sigmoid(a),
            ["Sign"] = a => new Operators.Sign(a),
            ["Sin"] = a => new Operators.Sin(a),
            ["Slice"] = a => new Operators.Slice(a),
            ["Softmax"] = a => new Operators.Softmax(a),
            ["Softplus"] = a => new Operators.Softplus(a),
            ["Softsign"] = a => new Operators.Softsign(a),
            ["Sqrt"] = a => new Operators.Sqrt(a),
            ["Sub"] = a => new Operators.Sub(a),
            ["Sum"] = a => new Operators.Sum(a),
            ["Tanh"] = a => new Operators.Tanh(a),
            ["ThresholdedRelu"] = a => new Operators.ThresholdedRelu(a),
            ["Transpose"] = a => new Operators.Transpose(a),
            ["Where"] = a => new Operators.Where(a),
            ["Xor"] = a => new Operators.Xor(a),
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
