using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Floor on floating-point types.</summary>
internal readonly struct Floor : IFunction
{
    public static Tensor Run(Operators.Floor op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(default(Floor), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T> => VectorMath.Floor(x);
}
