using System.Collections.Immutable;
using Decant.Core.Channels.Rules;

namespace Decant.Core.Channels;

/// <summary>
/// What operators do with channels. An operator that is not listed lets none be cut that it reads or makes.
/// </summary>
internal static class ChannelRules
{
    private static readonly ChannelRule Unknown = new UnknownRule(),
        Same = new SameRule(),
        Pool = new PoolRule(),
        Norm = new NormRule(),
        Reshape = new ReshapeRule(),
        Reduce = new ReduceRule(),
        Softmax = new SoftmaxRule(),
        Recurrent = new RecurrentRule(),
        Quantize = new QuantizeRule(),
        Terms = new ElementwiseRule(ChannelRole.Producer),
        FirstOnly = new ElementwiseRule(ChannelRole.Producer, ChannelRole.Companion),
        Kept = new ElementwiseRule(ChannelRole.Companion);

    private static readonly ImmutableDictionary<string, ChannelRule> Rules = new Dictionary<string, ChannelRule>
    {
        ["Conv"] = new ConvRule(),
        ["ConvTranspose"] = new ConvTransposeRule(),
        ["Gemm"] = new GemmRule(),
        ["MatMul"] = new MatMulRule(),
        ["Concat"] = new ConcatRule(),
        ["Split"] = new SplitRule(),
        ["Slice"] = new SliceRule(),
        ["Pad"] = new PadRule(),
        ["Gather"] = new GatherRule(),
        ["Transpose"] = new TransposeRule(),
        ["Resize"] = new ResizeRule(),
        ["Shape"] = new ShapeRule(),
    }
        .AddAll(Recurrent, "RNN", "GRU", "LSTM")
        .AddAll(Norm, "BatchNormalization", "InstanceNormalization")
        .AddAll(Reshape, "Flatten", "Reshape", "Squeeze", "Unsqueeze")
        .AddAll(Pool, "AveragePool", "GlobalAveragePool", "GlobalMaxPool", "LpPool", "MaxPool")
        .AddAll(Softmax, "LogSoftmax", "Softmax")
        .AddAll(Quantize, "DequantizeLinear", "QuantizeLinear")
        .AddAll(Terms, "Add", "Max", "Mean", "Min", "Mul", "PRelu", "Sub", "Sum")
        .AddAll(FirstOnly, "Div", "Mod", "Pow")
        .AddAll(Kept, "And", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Or", "Where", "Xor")
        .AddAll(
            Reduce,
            "ReduceL1",
            "ReduceL2",
            "ReduceLogSum",
            "ReduceLogSumExp",
            "ReduceMax",
            "ReduceMean",
            "ReduceMin",
            "ReduceProd",
            "ReduceSum",
            "ReduceSumSquare"
        )
        .AddAll(
            Same,
            "Abs",
            "Cast",
            "Ceil",
            "Celu",
            "Clip",
            "Cos",
            "Dropout",
            "Elu",
            "Erf",
            "Exp",
            "Floor",
            "Gelu",
            "HardSigmoid",
            "HardSwish",
            "Identity",
            "LeakyRelu",
            "Log",
            "Mish",
            "Neg",
            "Not",
            "Reciprocal",
            "Relu",
            "Round",
            "Selu",
            "Sigmoid",
            "Sign",
            "Sin",
            "Softplus",
            "Softsign",
            "Sqrt",
            "Tanh",
            "ThresholdedRelu"
        )
        .ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>The rule of an operator.</summary>
    public static ChannelRule Of(Operator op) => Rules.GetValueOrDefault(op.Type, Unknown);

    private static Dictionary<string, ChannelRule> AddAll(
        this Dictionary<string, ChannelRule> rules,
        ChannelRule rule,
        params ReadOnlySpan<string> types
    )
    {
        foreach (string type in types)
            rules.Add(type, rule);
        return rules;
    }
}
