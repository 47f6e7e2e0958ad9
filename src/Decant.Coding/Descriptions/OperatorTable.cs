namespace Decant.Coding;

/// <summary>Numbers of operator types and attribute names in the container. A line is never moved or removed; new ones go at the end.</summary>
internal static class OperatorTable
{
    /// <summary>Operator types; each one's number is its place.</summary>
    public static readonly string[] Types =
    [
        "Add", "AveragePool", "BatchNormalization", "Concat", "Conv", "Div", "Flatten", "Gemm", "GlobalAveragePool", "MatMul", "MaxPool",
        "Mul", "Pad", "Relu", "Reshape", "Sigmoid", "Slice", "Softmax", "Sub", "Tanh", "Transpose",
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
