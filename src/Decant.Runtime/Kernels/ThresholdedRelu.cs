using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX ThresholdedRelu on floating-point types.</summary>
internal readonly struct ThresholdedRelu(float alpha) : IFunction
{
    public static Tensor Run(Operators.ThresholdedRelu op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(new ThresholdedRelu(op.Alpha), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T> => Vector.ConditionalSelect(Vector.LessThanOrEqual(x, VectorMath.All<T>(alpha)), Vector<T>.Zero, x);
}
