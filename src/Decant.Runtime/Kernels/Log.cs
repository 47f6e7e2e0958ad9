using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Log on floating-point types.</summary>
internal readonly struct Log : IFunction
{
    public static Tensor Run(Operators.Log op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(default(Log), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T> => VectorMath.Log(x);
}
