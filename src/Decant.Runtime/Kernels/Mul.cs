using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Mul on every integer and floating-point type.</summary>
internal readonly struct Mul : IBinaryArithmetic
{
    public static Tensor Run(Operators.Mul op, Tensor?[] inputs, KernelContext context) => Broadcasting.Run<Mul>(inputs, context);

    public static T Apply<T>(T x, T y) where T : unmanaged, INumber<T> => unchecked(x * y);

    public static Vector<T> Apply<T>(Vector<T> x, Vector<T> y) where T : unmanaged, INumber<T> => x * y;
}
