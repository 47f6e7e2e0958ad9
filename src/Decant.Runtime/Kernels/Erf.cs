using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Erf on floating-point types.</summary>
internal readonly struct Erf : IFunction
{
    public static Tensor Run(Operators.Erf op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(default(Erf), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T> => VectorMath.Erf(x);
}
