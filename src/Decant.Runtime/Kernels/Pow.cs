using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>
/// Computes ONNX Pow on every integer and floating-point type; the result has the type of the base. Integers to integer powers are
/// exact and wrap; an integer to a float is computed in doubles.
/// </summary>
internal readonly struct Pow : IBinaryArithmetic
{
    public static Tensor Run(Operators.Pow op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!, y = inputs[1]!;
        if (y.Count == 1 && context.Output == x.Shape && x.Type.IsFloat() && Casting.Convert(y, ElementType.Float64, context).Span<double>()[0] == 2)
            return Broadcasting.Run<Mul>([x, x], context);
        ElementType common = x.Type.IsFloat() ? x.Type : y.Type.IsFloat() ? ElementType.Float64 : ElementType.Int64;
        Tensor a = Casting.Convert(x, common, context), b = Casting.Convert(y, common, context);
        return Casting.Convert(Broadcasting.Run<Pow>([a, b], context), x.Type, context);
    }

    public static T Apply<T>(T x, T y) where T : unmanaged, INumber<T>
    {
        if (typeof(T) == typeof(float)) return (T)(object)MathF.Pow((float)(object)x, (float)(object)y);
        if (typeof(T) == typeof(double)) return (T)(object)Math.Pow((double)(object)x, (double)(object)y);
        if (typeof(T) == typeof(Half)) return (T)(object)Half.Pow((Half)(object)x, (Half)(object)y);
        return Integer(x, y);
    }

    public static bool HasVector<T>() => false;

    /// <summary>By repeated squaring; 1/x truncated toward zero for negative powers.</summary>
    private static T Integer<T>(T x, T y) where T : INumber<T>
    {
        if (T.IsNegative(y)) return x == T.One ? x : x == -T.One ? T.IsOddInteger(y) ? x : T.One : T.Zero;
        T result = T.One, two = T.One + T.One;
        for (; !T.IsZero(y); y /= two, x = unchecked(x * x))
            if (T.IsOddInteger(y)) result = unchecked(result * x);
        return result;
    }
}
