namespace Decant.Core;

/// <summary>Every operator there is: one line each.</summary>
public static class OperatorCatalogue
{
    private static readonly Dictionary<string, Func<Attributes, Operator>> Makers = new(StringComparer.Ordinal)
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
        ["ConstantOfShape"] = a => new Operators.ConstantOfShape(a),
        ["Conv"] = a => new Operators.Conv(a),
        ["ConvInteger"] = a => new Operators.ConvInteger(a),
        ["ConvTranspose"] = a => new Operators.ConvTranspose(a),
        ["Cos"] = a => new Operators.Cos(a),
        ["CumSum"] = a => new Operators.CumSum(a),
        ["DepthToSpace"] = a => new Operators.DepthToSpace(a),
        ["DequantizeLinear"] = a => new Operators.DequantizeLinear(a),
        ["Div"] = a => new Operators.Div(a),
        ["Dropout"] = a => new Operators.Dropout(a),
        ["DynamicQuantizeLinear"] = a => new Operators.DynamicQuantizeLinear(a),
        ["Elu"] = a => new Operators.Elu(a),
        ["Equal"] = a => new Operators.Equal(a),
        ["Erf"] = a => new Operators.Erf(a),
        ["Exp"] = a => new Operators.Exp(a),
        ["Expand"] = a => new Operators.Expand(a),
        ["Flatten"] = a => new Operators.Flatten(a),
        ["Floor"] = a => new Operators.Floor(a),
        ["GRU"] = a => new Operators.GRU(a),
        ["Gather"] = a => new Operators.Gather(a),
        ["GatherElements"] = a => new Operators.GatherElements(a),
        ["GatherND"] = a => new Operators.GatherND(a),
        ["Gelu"] = a => new Operators.Gelu(a),
        ["Gemm"] = a => new Operators.Gemm(a),
        ["GlobalAveragePool"] = a => new Operators.GlobalAveragePool(a),
        ["GlobalMaxPool"] = a => new Operators.GlobalMaxPool(a),
        ["Greater"] = a => new Operators.Greater(a),
        ["GreaterOrEqual"] = a => new Operators.GreaterOrEqual(a),
        ["GroupNormalization"] = a => new Operators.GroupNormalization(a),
        ["HardSigmoid"] = a => new Operators.HardSigmoid(a),
        ["HardSwish"] = a => new Operators.HardSwish(a),
        ["Identity"] = a => new Operators.Identity(a),
        ["If"] = a => new Operators.If(a),
        ["InstanceNormalization"] = a => new Operators.InstanceNormalization(a),
        ["LRN"] = a => new Operators.LRN(a),
        ["LSTM"] = a => new Operators.LSTM(a),
        ["LayerNormalization"] = a => new Operators.LayerNormalization(a),
        ["LeakyRelu"] = a => new Operators.LeakyRelu(a),
        ["Less"] = a => new Operators.Less(a),
        ["LessOrEqual"] = a => new Operators.LessOrEqual(a),
        ["Log"] = a => new Operators.Log(a),
        ["LogSoftmax"] = a => new Operators.LogSoftmax(a),
        ["Loop"] = a => new Operators.Loop(a),
        ["LpPool"] = a => new Operators.LpPool(a),
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
        ["NonZero"] = a => new Operators.NonZero(a),
        ["Not"] = a => new Operators.Not(a),
        ["OneHot"] = a => new Operators.OneHot(a),
        ["Or"] = a => new Operators.Or(a),
        ["PRelu"] = a => new Operators.PRelu(a),
        ["Pad"] = a => new Operators.Pad(a),
        ["Pow"] = a => new Operators.Pow(a),
        ["QLinearConv"] = a => new Operators.QLinearConv(a),
        ["QLinearMatMul"] = a => new Operators.QLinearMatMul(a),
        ["QuantizeLinear"] = a => new Operators.QuantizeLinear(a),
        ["RMSNormalization"] = a => new Operators.RMSNormalization(a),
        ["RNN"] = a => new Operators.RNN(a),
        ["Range"] = a => new Operators.Range(a),
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
        ["Resize"] = a => new Operators.Resize(a),
        ["Round"] = a => new Operators.Round(a),
        ["Scan"] = a => new Operators.Scan(a),
        ["ScatterElements"] = a => new Operators.ScatterElements(a),
        ["Selu"] = a => new Operators.Selu(a),
        ["Shape"] = a => new Operators.Inspection.Shape(a),
        ["Sigmoid"] = a => new Operators.Sigmoid(a),
        ["Sign"] = a => new Operators.Sign(a),
        ["Sin"] = a => new Operators.Sin(a),
        ["Size"] = a => new Operators.Size(a),
        ["Slice"] = a => new Operators.Slice(a),
        ["Softmax"] = a => new Operators.Softmax(a),
        ["Softplus"] = a => new Operators.Softplus(a),
        ["Softsign"] = a => new Operators.Softsign(a),
        ["SpaceToDepth"] = a => new Operators.SpaceToDepth(a),
        ["Split"] = a => new Operators.Split(a),
        ["Sqrt"] = a => new Operators.Sqrt(a),
        ["Squeeze"] = a => new Operators.Squeeze(a),
        ["Sub"] = a => new Operators.Sub(a),
        ["Sum"] = a => new Operators.Sum(a),
        ["Tanh"] = a => new Operators.Tanh(a),
        ["ThresholdedRelu"] = a => new Operators.ThresholdedRelu(a),
        ["Tile"] = a => new Operators.Tile(a),
        ["TopK"] = a => new Operators.TopK(a),
        ["Transpose"] = a => new Operators.Transpose(a),
        ["Trilu"] = a => new Operators.Trilu(a),
        ["Unsqueeze"] = a => new Operators.Unsqueeze(a),
        ["Where"] = a => new Operators.Where(a),
        ["Xor"] = a => new Operators.Xor(a),
    };

    private static readonly string[] Names = Sorted();

    /// <summary>The operator types, in order.</summary>
    public static IEnumerable<string> Types => Names;

    /// <summary>Whether an operator type is supported.</summary>
    public static bool Has(string type) => Makers.ContainsKey(type);

    /// <summary>Makes an operator from its type and attributes.</summary>
    /// <exception cref="ModelException">The type is not supported, or an attribute is unknown or wrong.</exception>
    public static Operator Create(string type, Attributes attributes) =>
        Makers.TryGetValue(type, out var make)
            ? make(attributes)
            : throw new ModelException($"operator '{type}' is not supported; supported are {string.Join(", ", Types)}");

    private static string[] Sorted()
    {
        string[] names = [.. Makers.Keys];
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }
}
