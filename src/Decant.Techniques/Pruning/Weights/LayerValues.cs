using System.Collections.Immutable;
using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Techniques.Pruning;

/// <summary>Where the neurons of a layer lie in computed values.</summary>
internal static class LayerValues
{
    /// <summary>The layer's output, and what nodes make of it that keep its neurons apart: normalization, bias, activation.</summary>
    /// <param name="network">The network.</param>
    /// <param name="layer">A Conv, Gemm or MatMul; null for none.</param>
    /// <returns>Each value with the axis along which its neurons lie.</returns>
    public static ImmutableArray<(string Value, int Axis)> Of(Network network, Node? layer)
    {
        if (layer is null) return [];
        if ((layer.Operator is MatMul ? NetworkShapes.Of(network)[layer.Outputs[0]]?.Shape?.Rank - 1 : 1) is not { } axis) return [];
        var found = ImmutableArray.CreateBuilder<(string, int)>();
        for (Node? node = layer; node is not null; node = Next(network, node)) found.Add((node.Outputs[0], axis));
        return found.ToImmutable();
    }

    private static Node? Next(Network network, Node node)
    {
        Node[] readers = [.. network.Nodes.Where(n => n.Inputs.Contains(node.Outputs[0]))];
        return readers is [var reader] && KeepsApart(network, reader, node.Outputs[0]) ? reader : null;
    }

    private static bool KeepsApart(Network network, Node node, string value) => node.Operator switch
    {
        BatchNormalization => node.Inputs[0] == value,
        Add or Sub or Mul or Div => node.Inputs.All(i => i == value || network.Weights.TryGet(i, out _)),
        _ => node.Operator is Identity or Dropout || Activations.Is(node.Operator),
    };
}
