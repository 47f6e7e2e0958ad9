namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX SpaceToDepth on every element type: the result is (N, block, block, C, H, W).</summary>
internal static class SpaceToDepth
{
    public static Tensor Run(Operators.SpaceToDepth op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!, result = Tensor.Zeros(x.Type, context.Output);
        int block = op.Block, width = x.Shape[3], plane = x.Shape[2] * width;
        StridedCopy.Run(x, 0, [x.Shape[0], block, block, x.Shape[1], context.Output[2], context.Output[3]],
            [x.Shape[1] * plane, width, 1, plane, block * width, block], result);
        return result;
    }
}
