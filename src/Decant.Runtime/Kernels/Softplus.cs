using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Softplus on floating-point types.</summary>
internal readonly struct Softplus : IFunction
{
    public static Tensor Run(Operators.Softplus op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(default(Softplus), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T> => VectorMath.Softplus(x);
}
