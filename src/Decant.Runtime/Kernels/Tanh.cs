using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Tanh on floating-point types.</summary>
internal readonly struct Tanh : IFunction
{
    public static Tensor Run(Operators.Tanh op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(default(Tanh), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T> => VectorMath.Tanh(x);
}
