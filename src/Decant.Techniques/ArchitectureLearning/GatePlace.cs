using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Techniques.ArchitectureLearning;

/// <summary>Where a layer's tsReLU goes: behind the layer, its batch normalization if it has one, and its ReLU if it has one.</summary>
/// <param name="Layer">The Conv or Gemm whose channels are gated.</param>
/// <param name="Last">What makes the value that is activated: the layer, or its batch normalization.</param>
/// <param name="Activation">The ReLU that follows; null if none does.</param>
/// <param name="Next">The Gemm that would follow directly if the activation went, so that both could become one; null if there is none.</param>
internal sealed record GatePlace(Node Layer, Node Last, Node? Activation, Node? Next)
{
    /// <summary>The place behind the layer that makes a value.</summary>
    public static GatePlace Behind(Network network, string value)
    {
        Node layer = network.Nodes.First(n => n.Outputs.Contains(value)), last = layer;
        while (SoleReader(network, last) is { Operator: BatchNormalization } norm) last = norm;
        Node? activation = SoleReader(network, last) is { Operator: Relu or PRelu } a ? a : null;
        Node? next = activation is { Operator: Relu } && last == layer && IsLinear(network, layer) ? SoleReader(network, activation) : null;
        return new GatePlace(layer, last, activation, next is not null && IsLinear(network, next) ? next : null);
    }

    /// <summary>The one node that reads a node's first output as its first input; null if there are more, or it is an output of the network.</summary>
    private static Node? SoleReader(Network network, Node node)
    {
        string value = node.Outputs[0];
        if (network.Outputs.Any(o => o.Name == value)) return null;
        Node[] readers = [.. network.Nodes.Where(n => n.Inputs.Contains(value)).Take(2)];
        return readers is [var one] && one.Inputs[0] == value && one.Inputs.Count(i => i == value) == 1 ? one : null;
    }

    private static bool IsLinear(Network network, Node node) =>
        node.Operator is Gemm { TransA: false } && node.Inputs.Skip(1).All(i => i.Length == 0 || IsOwn(network, i)) && HasRowBias(network, node);

    private static bool IsOwn(Network network, string weight) =>
        network.Weights.TryGet(weight, out var w) && w.IsTrainable && network.Nodes.Sum(n => n.Inputs.Count(i => i == weight)) == 1;

    /// <summary>Whether the bias is the same for every image.</summary>
    private static bool HasRowBias(Network network, Node gemm) =>
        gemm.Inputs.Length < 3 || gemm.Inputs[2].Length == 0 || network.Weights[gemm.Inputs[2]].Encoding.Shape is var bias && (bias.Rank < 2 || bias[0] == 1);
}
