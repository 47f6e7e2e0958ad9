using Decant.Core;
using OnnxModels = Decant.Tests.Formats.Onnx.Models;

namespace Decant.Tests.Runs;

/// <summary>A small network of ids: embeddings of words, places and types, and two matrix products.</summary>
internal static class TextNetwork
{
    /// <summary>
    /// Weights table, positions, types (of few rows), w1, b1 and w2; input ids of N×S, output y of N×S×outputs.
    /// </summary>
    public static Network Of(int vocabulary, int width, int outputs, ulong seed = 3)
    {
        var rng = new Rng(seed);
        Weight Random(string name, params int[] dims) => OnnxModels.Random(rng, name, dims);
        Weight Int(string name, long value) =>
            new(name, new DenseEncoding(Tensor.Of(Shape.Scalar, new long[] { value })));
        Node Make(string type, string output, params string[] inputs) =>
            new(output, OnnxModels.Make(type), [.. inputs], [output]);
        return new Network(
            "text",
            [new ValueInfo("ids", new TensorType(ElementType.Int64, new Shape(Shape.Unknown, Shape.Unknown)))],
            [new ValueInfo("y", new TensorType(ElementType.Float32, new Shape(Shape.Unknown, Shape.Unknown, outputs)))],
            [
                Make("Gather", "word", "table", "ids"),
                Make("Shape", "shape", "ids"),
                Make("Gather", "length", "shape", "one"),
                Make("Range", "places", "zero", "length", "one"),
                Make("Gather", "position", "positions", "places"),
                Make("Sub", "kinds", "ids", "ids"),
                Make("Gather", "type", "types", "kinds"),
                Make("Add", "sum", "word", "position"),
                Make("Add", "all", "sum", "type"),
                Make("MatMul", "product", "all", "w1"),
                Make("Add", "biased", "product", "b1"),
                Make("Relu", "active", "biased"),
                Make("MatMul", "y", "active", "w2"),
            ],
            [
                Random("table", vocabulary, width),
                Random("positions", 512, width),
                Random("types", 2, width),
                Random("w1", width, 2 * width),
                Random("b1", 2 * width),
                Random("w2", 2 * width, outputs),
                Int("zero", 0),
                Int("one", 1),
            ]
        );
    }
}
