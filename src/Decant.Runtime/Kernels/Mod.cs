using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Mod on every integer and floating-point type; the remainder has the sign of y, or that of x if fmod is 1.</summary>
internal readonly struct Mod : IBinaryArithmetic
{
    public static Tensor Run(Operators.Mod op, Tensor?[] inputs, KernelContext context) =>
        op.Truncated ? Broadcasting.Run<Remainder>(inputs, context) : Broadcasting.Run<Mod>(inputs, context);

    public static T Apply<T>(T x, T y) where T : unmanaged, INumber<T>
    {
        T rest = Remainder.Apply(x, y);
        return !T.IsZero(rest) && T.IsNegative(rest) != T.IsNegative(y) ? rest + y : rest;
    }

    public static bool HasVector<T>() => false;

    private readonly struct Remainder : IBinaryArithmetic
    {
        public static T Apply<T>(T x, T y) where T : unmanaged, INumber<T>
        {
            if (typeof(T) == typeof(float) || typeof(T) == typeof(double) || typeof(T) == typeof(Half)) return x % y;
            if (T.IsZero(y)) throw new ModelException("an integer is divided by 0");
            // The least integer by −1: the processor traps where the remainder is 0.
            return T.IsNegative(y) && T.IsZero(y + T.One) ? T.Zero : x % y;
        }

        public static bool HasVector<T>() => false;
    }
}
