using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Techniques.Groups;

/// <summary>The axis of a weight along which its layer's outputs lie.</summary>
internal static class OutputAxis
{
    /// <summary>No axis: one scale for the whole weight.</summary>
    public const int None = -1;

    /// <summary>How many outputs a layer has by its weight; 1 where no axis holds them.</summary>
    public static int Count(Network network, Node layer)
    {
        Weight weight = network.Weights[layer.Inputs[1]];
        int axis = Of(network, weight);
        return axis < 0 ? 1 : weight.Encoding.Shape[axis];
    }

    /// <summary>The axis; <see cref="None"/> for numbers that one scale does for: vectors, and what is empty.</summary>
    public static int Of(Network network, Weight weight)
    {
        if (weight.Encoding.Shape.Rank < 2 || weight.Encoding.Count == 0) return None;
        Node? layer = network.Nodes.FirstOrDefault(n => n.Operator is Conv or ConvTranspose or Gemm or MatMul && n.Inputs[1] == weight.Name);
        return layer?.Operator switch
        {
            MatMul => weight.Encoding.Shape.Rank - 1,
            Gemm { TransB: false } => 1,
            ConvTranspose { Group: 1 } => 1,
            ConvTranspose => None,
            _ => 0,
        };
    }
}
