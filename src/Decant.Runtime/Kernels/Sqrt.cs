using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Sqrt on floating-point types.</summary>
internal readonly struct Sqrt : IFunction
{
    public static Tensor Run(Operators.Sqrt op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(default(Sqrt), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T> => Vector.SquareRoot(x);
}
