namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Transpose on every element type.</summary>
internal static class Transpose
{
    public static Tensor Run(Operators.Transpose op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!,
            result = Tensor.Zeros(x.Type, context.Output);
        int[] own = Strides.Of(x.Shape);
        StridedCopy.Run(
            x,
            0,
            context.Output.Dims.AsSpan(),
            Array.ConvertAll(op.Order(x.Shape.Rank), axis => own[axis]),
            result
        );
        return result;
    }
}

/// <summary>Computes ONNX DepthToSpace on every element type: the result is (N, C, H, block, W, block).</summary>
internal static class DepthToSpace
{
    public static Tensor Run(Operators.DepthToSpace op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!,
            result = Tensor.Zeros(x.Type, context.Output);
        int block = op.Block,
            channels = context.Output[1],
            width = x.Shape[3],
            plane = x.Shape[2] * width;
        int channel = op.ChannelFirst ? block * block * plane : plane,
            column = op.ChannelFirst ? plane : channels * plane;
        StridedCopy.Run(
            x,
            0,
            [x.Shape[0], channels, x.Shape[2], block, width, block],
            [x.Shape[1] * plane, channel, width, block * column, 1, column],
            result
        );
        return result;
    }
}

/// <summary>Computes ONNX SpaceToDepth on every element type: the result is (N, block, block, C, H, W).</summary>
internal static class SpaceToDepth
{
    public static Tensor Run(Operators.SpaceToDepth op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!,
            result = Tensor.Zeros(x.Type, context.Output);
        int block = op.Block,
            width = x.Shape[3],
            plane = x.Shape[2] * width;
        StridedCopy.Run(
            x,
            0,
            [x.Shape[0], block, block, x.Shape[1], context.Output[2], context.Output[3]],
            [x.Shape[1] * plane, width, 1, plane, block * width, block],
            result
        );
        return result;
    }
}
