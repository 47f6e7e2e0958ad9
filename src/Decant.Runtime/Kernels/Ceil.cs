using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Ceil on floating-point types.</summary>
internal readonly struct Ceil : IFunction
{
    public static Tensor Run(Operators.Ceil op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(default(Ceil), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T> => -VectorMath.Floor(-x);
}
