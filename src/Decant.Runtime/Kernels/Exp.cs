using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Exp on floating-point types.</summary>
internal readonly struct Exp : IFunction
{
    public static Tensor Run(Operators.Exp op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(default(Exp), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T> => VectorMath.Exp(x);
}
