using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Add on every integer and floating-point type.</summary>
internal readonly struct Add : IBinaryArithmetic
{
    public static Tensor Run(Operators.Add op, Tensor?[] inputs, KernelContext context) => Broadcasting.Run<Add>(inputs, context);

    public static T Apply<T>(T x, T y) where T : unmanaged, INumber<T> => unchecked(x + y);

    public static Vector<T> Apply<T>(Vector<T> x, Vector<T> y) where T : unmanaged, INumber<T> => x + y;
}
