using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Sin on floating-point types.</summary>
internal readonly struct Sin : IFunction
{
    public static Tensor Run(Operators.Sin op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(default(Sin), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T> => VectorMath.Sin(x);
}
