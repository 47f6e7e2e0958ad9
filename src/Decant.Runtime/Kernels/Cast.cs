namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Cast between all element types.</summary>
internal static class Cast
{
    public static Tensor Run(Operators.Cast op, Tensor?[] inputs, KernelContext context)
    {
        Tensor result = Casting.Convert(inputs[0]!, op.To, context);
        return result == inputs[0] ? result.Clone() : result;
    }
}
