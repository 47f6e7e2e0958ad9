using System.Collections.Immutable;
using Decant.Core;
using Decant.Formats.Onnx.Messages;

namespace Decant.Formats.Onnx.Import;

/// <summary>The value of an ONNX Constant node, in whichever attribute it is.</summary>
internal static class ConstantNode
{
    public static Tensor Value(GraphNode node)
    {
        if (node.Attributes.Count != 1) throw new ModelException("a Constant has one value");
        var (name, value) = node.Attributes.First();
        return (name, value) switch
        {
            ("value", Tensor tensor) => tensor,
            ("value_float", float number) => Tensor.Scalar(number),
            ("value_int", long number) => Tensor.Scalar(number),
            ("value_floats", ImmutableArray<float> numbers) => Tensor.Vector([.. numbers]),
            ("value_ints", ImmutableArray<long> numbers) => Tensor.Vector([.. numbers]),
            _ => throw new ModelException($"a constant given as '{name}' is not supported; supported are numbers and tensors of them"),
        };
    }
}
