namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Tile on every element type: each axis is read as (repeats, extent).</summary>
internal static class Tile
{
    public static Tensor Run(Operators.Tile op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!, result = Tensor.Zeros(x.Type, context.Output);
        int rank = x.Shape.Rank;
        int[] own = Strides.Of(x.Shape), extents = new int[2 * rank], strides = new int[2 * rank];
        for (int axis = 0; axis < rank; axis++)
        {
            (extents[2 * axis], extents[2 * axis + 1]) = (x.Shape[axis] == 0 ? 0 : context.Output[axis] / x.Shape[axis], x.Shape[axis]);
            strides[2 * axis + 1] = own[axis];
        }
        StridedCopy.Run(x, 0, extents, strides, result);
        return result;
    }
}
