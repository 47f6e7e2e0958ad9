namespace Decant.Coding;

/// <summary>Numbers of operator types and attribute names in the container. A line is never moved or removed; new ones go at the end.</summary>
internal static class OperatorTable
{
    /// <summary>Operator types; each one's number is its place.</summary>
    public static readonly string[] Types =
    [
        "Add", "AveragePool", "BatchNormalization", "Concat", "Conv", "Div", "Flatten", "Gemm", "GlobalAveragePool", "MatMul", "MaxPool",
        "Mul", "Pad", "Relu", "Reshape", "Sigmoid", "Slice", "Softmax", "Sub", "Tanh", "Transpose",
        "Abs", "And", "ArgMax", "ArgMin", "Cast", "CastLike", "Ceil", "Celu", "Clip", "ConstantOfShape", "ConvInteger", "ConvTranspose",
        "Cos", "CumSum", "DepthToSpace", "DequantizeLinear", "Dropout", "DynamicQuantizeLinear", "Elu", "Equal", "Erf", "Exp", "Expand",
        "Floor", "GRU", "Gather", "GatherElements", "GatherND", "Gelu", "GlobalMaxPool", "Greater", "GreaterOrEqual", "GroupNormalization",
        "HardSigmoid", "HardSwish", "Identity", "InstanceNormalization", "LRN", "LSTM", "LayerNormalization", "LeakyRelu", "Less",
        "LessOrEqual", "Log", "LogSoftmax", "LpPool", "MatMulInteger", "Max", "Mean", "Min", "Mish", "Mod", "Neg", "NonZero", "Not",
        "OneHot", "Or", "PRelu", "Pow", "QLinearConv", "QLinearMatMul", "QuantizeLinear", "RMSNormalization", "RNN", "Range", "Reciprocal",
        "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSum",
        "ReduceSumSquare", "Resize", "Round", "ScatterElements", "Selu", "Shape", "Sign", "Sin", "Size", "Softplus", "Softsign",
        "SpaceToDepth", "Split", "Sqrt", "Squeeze", "Sum", "ThresholdedRelu", "Tile", "TopK", "Trilu", "Unsqueeze", "Where", "Xor",
    ];

    /// <summary>Attribute names; each one's number is its place.</summary>
    public static readonly string[] Names =
    [
        "auto_pad", "dilations", "group", "kernel_shape", "pads", "strides", "ceil_mode", "count_include_pad", "storage_order", "epsilon",
        "momentum", "training_mode", "axis", "alpha", "beta", "transA", "transB", "mode", "allowzero", "perm",
    ];

    /// <summary>Stands for a type or name without a number, which is then spelt out.</summary>
    public const int Spelt = 255;
}
