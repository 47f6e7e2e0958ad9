using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Sigmoid on floating-point types.</summary>
internal readonly struct Sigmoid : IFunction
{
    public static Tensor Run(Operators.Sigmoid op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(default(Sigmoid), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T> => Vector<T>.One / (Vector<T>.One + VectorMath.Exp(-x));
}
