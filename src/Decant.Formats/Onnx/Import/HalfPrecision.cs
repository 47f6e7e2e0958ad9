using Decant.Core;
using Decant.Core.Operators;
using Decant.Formats.Onnx.Messages;

namespace Decant.Formats.Onnx.Import;

/// <summary>
/// Networks in half precision are computed in floats, which hold every half exactly: so weights are those of any other
/// network, and layers have the kernels of any other. Inputs and outputs of halves stay such; those of bfloat16, for
/// which there is no .NET type, become floats.
/// </summary>
internal static class HalfPrecision
{
    // Attributes that name the element type of a result.
    private static readonly string[] Types = ["to", "dtype", "output_dtype"];

    /// <summary>A constant in floats.</summary>
    public static Tensor Widened(Tensor tensor) =>
        tensor.Type == ElementType.Float16
            ? Tensor.Of(tensor.Shape, Array.ConvertAll(tensor.Array<Half>(), h => (float)h))
            : tensor;

    /// <summary>A node that makes floats where it made halves.</summary>
    public static GraphNode Widened(GraphNode node)
    {
        Attributes attributes = node.Attributes;
        foreach (var (name, value) in node.Attributes)
            if (value is Tensor { Type: ElementType.Float16 } tensor)
                attributes = attributes.With(name, Widened(tensor));
            else if (
                value is (long)ElementType.Float16 or (long)TensorMessage.BFloat16
                && Types.Contains(name, StringComparer.Ordinal)
            )
                attributes = attributes.With(name, (long)ElementType.Float32);
        return node with { Attributes = attributes };
    }

    /// <summary>The network with outputs in half precision where the file states them so.</summary>
    public static Network WithOutputs(Network network)
    {
        if (!network.Outputs.Any(o => o.Type.Type == ElementType.Float16))
            return network;
        var rewriter = new NetworkRewriter(network);
        foreach (string output in network.Outputs.Where(o => o.Type.Type == ElementType.Float16).Select(o => o.Name))
            if (network.Graph.Producer(output) is { } maker)
                Narrow(rewriter, maker, output);
        return rewriter.ToNetwork();
    }

    private static void Narrow(NetworkRewriter rewriter, Node maker, string output)
    {
        string floats = rewriter.UniqueName(output, ".float");
        Node renamed = maker with { Outputs = [.. maker.Outputs.Select(o => o == output ? floats : o)] };
        rewriter.Redirect(output, floats);
        rewriter.Replace(maker, renamed);
        rewriter.InsertAfter(
            renamed,
            new Node(
                rewriter.UniqueName(output, ".half"),
                new Cast(new(("to", (long)ElementType.Float16))),
                [floats],
                [output]
            )
        );
    }
}
