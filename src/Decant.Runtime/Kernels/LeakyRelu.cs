using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX LeakyRelu on floating-point types.</summary>
internal readonly struct LeakyRelu(float alpha) : IFunction
{
    public static Tensor Run(Operators.LeakyRelu op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(new LeakyRelu(op.Alpha), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T> => Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), x * VectorMath.All<T>(alpha), x);
}
