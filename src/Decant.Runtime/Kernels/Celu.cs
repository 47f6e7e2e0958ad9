using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Celu on floating-point types.</summary>
internal readonly struct Celu(float alpha) : IFunction
{
    public static Tensor Run(Operators.Celu op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(new Celu(op.Alpha), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T> => Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), VectorMath.NegativeExpM1(Vector.Min(x / VectorMath.All<T>(alpha), Vector<T>.Zero)) * VectorMath.All<T>(alpha), x);
}
