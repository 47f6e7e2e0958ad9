namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX CastLike between all element types.</summary>
internal static class CastLike
{
    public static Tensor Run(Operators.CastLike op, Tensor?[] inputs, KernelContext context)
    {
        Tensor result = Casting.Convert(inputs[0]!, inputs[1]!.Type, context);
        return result == inputs[0] ? result.Clone() : result;
    }
}
