using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Div on every integer and floating-point type; integers truncate toward zero.</summary>
internal readonly struct Div : IBinaryArithmetic
{
    public static Tensor Run(Operators.Div op, Tensor?[] inputs, KernelContext context) => Broadcasting.Run<Div>(inputs, context);

    public static T Apply<T>(T x, T y) where T : unmanaged, INumber<T>
    {
        if (typeof(T) == typeof(float) || typeof(T) == typeof(double) || typeof(T) == typeof(Half)) return x / y;
        if (T.IsZero(y)) throw new ModelException("an integer is divided by 0");
        // The least integer has no negative: the processor traps where wrapping is meant.
        return T.IsNegative(y) && T.IsZero(y + T.One) ? unchecked(T.Zero - x) : x / y;
    }

    public static Vector<T> Apply<T>(Vector<T> x, Vector<T> y) where T : unmanaged, INumber<T> => x / y;
}
