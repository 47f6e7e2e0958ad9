using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX HardSigmoid on floating-point types.</summary>
internal readonly struct HardSigmoid(float alpha, float beta) : IFunction
{
    public static Tensor Run(Operators.HardSigmoid op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(new HardSigmoid(op.Alpha, op.Beta), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T> => Hold(x * VectorMath.All<T>(alpha) + VectorMath.All<T>(beta));

    /// <summary>x between 0 and 1.</summary>
    public static Vector<T> Hold<T>(Vector<T> x) => Vector.Max(Vector<T>.Zero, Vector.Min(Vector<T>.One, x));
}
