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
            Op.ConvTranspose => false,
            _ => layer.Operator is Op.LinearOperator && w.Encoding.Shape.Rank == 2,
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
