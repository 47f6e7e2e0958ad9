using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Round on floating-point types.</summary>
internal readonly struct Round : IFunction
{
    public static Tensor Run(Operators.Round op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(default(Round), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T> => VectorMath.Round(x);
}
