using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Min on every integer and floating-point type; NaN wins.</summary>
internal readonly struct Min : IBinaryArithmetic
{
    public static Tensor Run(Operators.Min op, Tensor?[] inputs, KernelContext context) => Broadcasting.Fold<Min>(inputs, context);

    public static T Apply<T>(T x, T y) where T : unmanaged, INumber<T> => T.Min(x, y);

    public static Vector<T> Apply<T>(Vector<T> x, Vector<T> y) where T : unmanaged, INumber<T> => Vector.Min(x, y);
}
