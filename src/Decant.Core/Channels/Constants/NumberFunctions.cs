using System.Collections.Immutable;
using Decant.Core.Operators;

namespace Decant.Core.Channels.Constants;

/// <summary>Functions of one number, for constants.</summary>
internal static class NumberFunctions
{
    private static readonly ImmutableSortedDictionary<string, Func<Operator, double, double>> Functions = new Dictionary<string, Func<Operator, double, double>>
    {
        ["Abs"] = (_, x) => Math.Abs(x),
        ["Elu"] = (o, x) => x < 0 ? ((Elu)o).Alpha * (Math.Exp(x) - 1) : x,
        ["Exp"] = (_, x) => Math.Exp(x),
        ["HardSigmoid"] = (o, x) => Math.Clamp(((HardSigmoid)o).Alpha * x + ((HardSigmoid)o).Beta, 0, 1),
        ["HardSwish"] = (_, x) => x * Math.Clamp(x / 6 + 0.5, 0, 1),
        ["LeakyRelu"] = (o, x) => x < 0 ? ((LeakyRelu)o).Alpha * x : x,
        ["Neg"] = (_, x) => -x,
        ["Relu"] = (_, x) => Math.Max(0, x),
        ["Selu"] = (o, x) => ((Selu)o).Gamma * (x > 0 ? x : ((Selu)o).Alpha * (Math.Exp(x) - 1)),
        ["Sigmoid"] = (_, x) => 1 / (1 + Math.Exp(-x)),
        ["Softplus"] = (_, x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x))),
        ["Softsign"] = (_, x) => x / (1 + Math.Abs(x)),
        ["Sqrt"] = (_, x) => Math.Sqrt(x),
        ["Tanh"] = (_, x) => Math.Tanh(x),
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>The operators that are known.</summary>
    public static IEnumerable<string> Types => Functions.Keys.Append("Clip");

    /// <summary>What a node makes of a number; null if its bounds are not constant.</summary>
    public static double? Of(Node node, double x, Func<int, float[]> weight)
    {
        if (Functions.TryGetValue(node.Operator.Type, out var function)) return function(node.Operator, x);
        for (int i = 1; i < node.Inputs.Length; i++)
        {
            if (node.Inputs[i].Length == 0) continue;
            if (weight(i) is not [var bound]) return null;
            x = i == 1 ? Math.Max(x, bound) : Math.Min(x, bound);
        }
        return x;
    }
}
