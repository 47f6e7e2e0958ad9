using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Gelu on floating-point types.</summary>
internal readonly struct Gelu(bool byTanh) : IFunction
{
    public static Tensor Run(Operators.Gelu op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(new Gelu(op.ByTanh), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Vector<T> half = x * VectorMath.All<T>(0.5);
        if (!byTanh) return half * (Vector<T>.One + VectorMath.Erf(x * VectorMath.All<T>(Math.Sqrt(0.5))));
        Vector<T> inner = (x + x * x * x * VectorMath.All<T>(0.044715)) * VectorMath.All<T>(Math.Sqrt(2 / Math.PI));
        return half * (Vector<T>.One + VectorMath.Tanh(inner));
    }
}
