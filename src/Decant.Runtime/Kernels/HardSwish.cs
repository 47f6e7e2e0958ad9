using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX HardSwish on floating-point types.</summary>
internal readonly struct HardSwish : IFunction
{
    public static Tensor Run(Operators.HardSwish op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(default(HardSwish), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T> => x * HardSigmoid.Hold(x * VectorMath.All<T>(1.0 / 6) + VectorMath.All<T>(0.5));
}
