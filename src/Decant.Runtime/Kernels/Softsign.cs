using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Softsign on floating-point types.</summary>
internal readonly struct Softsign : IFunction
{
    public static Tensor Run(Operators.Softsign op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(default(Softsign), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T> => x / (Vector<T>.One + Vector.Abs(x));
}
