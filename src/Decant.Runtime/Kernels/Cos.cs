using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Cos on floating-point types.</summary>
internal readonly struct Cos : IFunction
{
    public static Tensor Run(Operators.Cos op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(default(Cos), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T> => VectorMath.Cos(x);
}
