using Decant.Core;
using Decant.Torch;
using Decant.Training.Operators;
using Op = Decant.Core.Operators;

namespace Decant.Training;

/// <summary>What a layer multiplies its weight by, as a matrix.</summary>
public static class LayerInputs
{
    private static readonly TorchOp ImageToColumns = new("aten::im2col");

    /// <summary>
    /// Whether a layer's inputs can be had: Gemm and MatMul by a matrix, and Conv in two dimensions without groups.
    /// </summary>
    public static bool CanBeHad(Network network, Node layer) =>
        network.Weights.TryGet(layer.Inputs[1], out Weight? w)
        && layer.Operator switch
        {
            Op.Conv conv => conv.Group == 1 && w.Encoding.Shape.Rank == 4,
            Op.Gemm or Op.MatMul => w.Encoding.Shape.Rank == 2,
            _ => false,
        };

    /// <summary>
    /// The vectors of the last run that each row of the weight's matrix [out, in·kh·kw] was multiplied by, one a row:
    /// (images, in), of a convolution (images·positions, in·kh·kw).
    /// </summary>
    /// <param name="network">The network, after it ran.</param>
    /// <param name="layer">A layer that <see cref="CanBeHad"/>.</param>
    public static TorchTensor Of(TrainingNetwork network, Node layer)
    {
        TorchTensor x = network.Value(layer.Inputs[0]);
        return layer.Operator switch
        {
            Op.Conv conv => Columns(
                conv,
                x,
                [.. network.Network.Weights[layer.Inputs[1]].Encoding.Shape.Dims.Skip(2).Select(d => (long)d)]
            ),
            Op.Gemm gemm => (gemm.TransA ? x.Transpose(0, 1) : x).Mul(gemm.Alpha),
            _ => x.Reshape(-1, x.Size(-1)),
        };
    }

    private static TorchTensor Columns(Op.Conv conv, TorchTensor x, long[] kernel)
    {
        WindowOnTorch w = WindowOnTorch.Of(conv.Window, x, kernel);
        TorchTensor padded = x.ConstantPad(WindowOnTorch.PadAmounts(w.Before, w.After));
        TorchTensor columns = ImageToColumns.Call(padded, kernel, w.Dilation, w.None, w.Stride);
        return columns.Transpose(1, 2).Reshape(-1, columns.Size(1));
    }
}

/// <summary>
/// Signs of values, as networks with binary activations write them: Where(x ≥ 0, 1, −1). In training their gradient is
/// that of x held within −1 and 1 (BNN: Hubara et al. 2016; XNOR-Net: Rastegari et al. 2016), and their constants stay.
/// </summary>
internal static class SignNodes
{
    /// <summary>The value whose signs a node makes; null if it is another node.</summary>
    public static string? SourceOf(Network network, Node node) =>
        node.Operator is Op.Where
        && Comparison(network, node) is { } comparison
        && Is(network, comparison.Inputs[1], 0)
        && Is(network, node.Inputs[1], 1)
        && Is(network, node.Inputs[2], -1)
            ? comparison.Inputs[0]
            : null;

    /// <summary>The constants of all signs.</summary>
    public static IEnumerable<string> Constants(Network network) =>
        network
            .Nodes.Where(n => SourceOf(network, n) is not null)
            .SelectMany(n => n.Inputs.Skip(1).Append(Comparison(network, n)!.Inputs[1]));

    private static Node? Comparison(Network network, Node node) =>
        network.Graph.Producer(node.Inputs[0]) is { Operator: Op.GreaterOrEqual } comparison ? comparison : null;

    private static bool Is(Network network, string weight, float number) =>
        network.Weights.TryGet(weight, out Weight? w)
        && w.Encoding is DenseEncoding { Type: ElementType.Float32, Count: 1 }
        && w.Encoding.Decode().Array<float>()[0] == number;
}
