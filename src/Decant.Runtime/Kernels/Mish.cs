using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Mish on floating-point types.</summary>
internal readonly struct Mish : IFunction
{
    public static Tensor Run(Operators.Mish op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(default(Mish), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        // With e = eˣ, tanh(ln(1 + e)) is (e² + 2e)/(e² + 2e + 2); from x = 20 on it is 1 in doubles too.
        Vector<T> e = VectorMath.Exp(Vector.Min(x, VectorMath.All<T>(20))), n = e * (e + VectorMath.All<T>(2));
        return x * (n / (n + VectorMath.All<T>(2)));
    }
}
