using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Selu on floating-point types.</summary>
internal readonly struct Selu(float alpha, float gamma) : IFunction
{
    public static Tensor Run(Operators.Selu op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(new Selu(op.Alpha, op.Gamma), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T> => VectorMath.All<T>(gamma)
        * Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), VectorMath.NegativeExpM1(Vector.Min(x, Vector<T>.Zero)) * VectorMath.All<T>(alpha), x);
}
