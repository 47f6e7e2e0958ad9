namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX DepthToSpace on every element type: the result is (N, C, H, block, W, block).</summary>
internal static class DepthToSpace
{
    public static Tensor Run(Operators.DepthToSpace op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!, result = Tensor.Zeros(x.Type, context.Output);
        int block = op.Block, channels = context.Output[1], width = x.Shape[3], plane = x.Shape[2] * width;
        int channel = op.ChannelFirst ? block * block * plane : plane, column = op.ChannelFirst ? plane : channels * plane;
        StridedCopy.Run(x, 0, [x.Shape[0], channels, x.Shape[2], block, width, block],
            [x.Shape[1] * plane, channel, width, block * column, 1, column], result);
        return result;
    }
}
