using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Elu on floating-point types.</summary>
internal readonly struct Elu(float alpha) : IFunction
{
    public static Tensor Run(Operators.Elu op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(new Elu(op.Alpha), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T> => Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), VectorMath.NegativeExpM1(Vector.Min(x, Vector<T>.Zero)) * VectorMath.All<T>(alpha), x);
}
