using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Max on every integer and floating-point type; NaN wins.</summary>
internal readonly struct Max : IBinaryArithmetic
{
    public static Tensor Run(Operators.Max op, Tensor?[] inputs, KernelContext context) => Broadcasting.Fold<Max>(inputs, context);

    public static T Apply<T>(T x, T y) where T : unmanaged, INumber<T> => T.Max(x, y);

    public static Vector<T> Apply<T>(Vector<T> x, Vector<T> y) where T : unmanaged, INumber<T> => Vector.Max(x, y);
}
