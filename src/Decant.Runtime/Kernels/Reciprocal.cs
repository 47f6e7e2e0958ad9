using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Reciprocal on floating-point types.</summary>
internal readonly struct Reciprocal : IFunction
{
    public static Tensor Run(Operators.Reciprocal op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(default(Reciprocal), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T> => Vector<T>.One / x;
}
