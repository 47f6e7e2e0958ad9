using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>An element-wise operation of two numbers, with its vector form.</summary>
internal interface IBinaryArithmetic
{
    /// <summary>One element; integers wrap.</summary>
    static abstract T Apply<T>(T x, T y)
        where T : unmanaged, INumber<T>;

    /// <summary>The same on every lane; called for types that <see cref="HasVector"/> allows.</summary>
    static virtual Vector<T> Apply<T>(Vector<T> x, Vector<T> y)
        where T : unmanaged, INumber<T> => throw new NotSupportedException();

    /// <summary>Whether there is a vector form for a type: for floats, unless said otherwise.</summary>
    static virtual bool HasVector<T>() => typeof(T) == typeof(float) || typeof(T) == typeof(double);
}

/// <summary>Computes ONNX Add on every integer and floating-point type.</summary>
internal readonly struct Add : IBinaryArithmetic
{
    public static Tensor Run(Operators.Add op, Tensor?[] inputs, KernelContext context) =>
        Broadcasting.Run<Add>(inputs, context);

    public static T Apply<T>(T x, T y)
        where T : unmanaged, INumber<T> => unchecked(x + y);

    public static Vector<T> Apply<T>(Vector<T> x, Vector<T> y)
        where T : unmanaged, INumber<T> => x + y;
}

/// <summary>Computes ONNX Sub on every integer and floating-point type.</summary>
internal readonly struct Sub : IBinaryArithmetic
{
    public static Tensor Run(Operators.Sub op, Tensor?[] inputs, KernelContext context) =>
        Broadcasting.Run<Sub>(inputs, context);

    public static T Apply<T>(T x, T y)
        where T : unmanaged, INumber<T> => unchecked(x - y);

    public static Vector<T> Apply<T>(Vector<T> x, Vector<T> y)
        where T : unmanaged, INumber<T> => x - y;
}

/// <summary>Computes ONNX Mul on every integer and floating-point type.</summary>
internal readonly struct Mul : IBinaryArithmetic
{
    public static Tensor Run(Operators.Mul op, Tensor?[] inputs, KernelContext context) =>
        Broadcasting.Run<Mul>(inputs, context);

    public static T Apply<T>(T x, T y)
        where T : unmanaged, INumber<T> => unchecked(x * y);

    public static Vector<T> Apply<T>(Vector<T> x, Vector<T> y)
        where T : unmanaged, INumber<T> => x * y;
}

/// <summary>Computes ONNX Div on every integer and floating-point type; integers truncate toward zero.</summary>
internal readonly struct Div : IBinaryArithmetic
{
    public static Tensor Run(Operators.Div op, Tensor?[] inputs, KernelContext context) =>
        Broadcasting.Run<Div>(inputs, context);

    public static T Apply<T>(T x, T y)
        where T : unmanaged, INumber<T>
    {
        if (typeof(T) == typeof(float) || typeof(T) == typeof(double) || typeof(T) == typeof(Half))
            return x / y;
        if (T.IsZero(y))
            throw new ModelException("an integer is divided by 0");
        // The least integer has no negative: the processor traps where wrapping is meant.
        return T.IsNegative(y) && T.IsZero(y + T.One) ? unchecked(T.Zero - x) : x / y;
    }

    public static Vector<T> Apply<T>(Vector<T> x, Vector<T> y)
        where T : unmanaged, INumber<T> => x / y;
}

/// <summary>
/// Computes ONNX Mod on every integer and floating-point type; the remainder has the sign of y, or that of x if fmod is
/// 1.
/// </summary>
internal readonly struct Mod : IBinaryArithmetic
{
    public static Tensor Run(Operators.Mod op, Tensor?[] inputs, KernelContext context) =>
        op.Truncated ? Broadcasting.Run<Remainder>(inputs, context) : Broadcasting.Run<Mod>(inputs, context);

    public static T Apply<T>(T x, T y)
        where T : unmanaged, INumber<T>
    {
        T rest = Remainder.Apply(x, y);
        return !T.IsZero(rest) && T.IsNegative(rest) != T.IsNegative(y) ? rest + y : rest;
    }

    public static bool HasVector<T>() => false;

    private readonly struct Remainder : IBinaryArithmetic
    {
        public static T Apply<T>(T x, T y)
            where T : unmanaged, INumber<T>
        {
            if (typeof(T) == typeof(float) || typeof(T) == typeof(double) || typeof(T) == typeof(Half))
                return x % y;
            if (T.IsZero(y))
                throw new ModelException("an integer is divided by 0");
            // The least integer by −1: the processor traps where the remainder is 0.
            return T.IsNegative(y) && T.IsZero(y + T.One) ? T.Zero : x % y;
        }

        public static bool HasVector<T>() => false;
    }
}

/// <summary>
/// Computes ONNX Pow on every integer and floating-point type; the result has the type of the base. Integers to integer
/// powers are exact and wrap; an integer to a float is computed in doubles.
/// </summary>
internal readonly struct Pow : IBinaryArithmetic
{
    public static Tensor Run(Operators.Pow op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!,
            y = inputs[1]!;
        if (
            y.Count == 1
            && context.Output == x.Shape
            && x.Type.IsFloat()
            && Casting.Convert(y, ElementType.Float64, context).Span<double>()[0] == 2
        )
            return Broadcasting.Run<Mul>([x, x], context);
        ElementType common =
            x.Type.IsFloat() ? x.Type
            : y.Type.IsFloat() ? ElementType.Float64
            : ElementType.Int64;
        Tensor a = Casting.Convert(x, common, context),
            b = Casting.Convert(y, common, context);
        return Casting.Convert(Broadcasting.Run<Pow>([a, b], context), x.Type, context);
    }

    public static T Apply<T>(T x, T y)
        where T : unmanaged, INumber<T>
    {
        if (typeof(T) == typeof(float))
            return (T)(object)MathF.Pow((float)(object)x, (float)(object)y);
        if (typeof(T) == typeof(double))
            return (T)(object)Math.Pow((double)(object)x, (double)(object)y);
        if (typeof(T) == typeof(Half))
            return (T)(object)Half.Pow((Half)(object)x, (Half)(object)y);
        return Integer(x, y);
    }

    public static bool HasVector<T>() => false;

    /// <summary>By repeated squaring; 1/x truncated toward zero for negative powers.</summary>
    private static T Integer<T>(T x, T y)
        where T : INumber<T>
    {
        if (T.IsNegative(y))
            return x == T.One ? x
                : x == -T.One
                    ? T.IsOddInteger(y) ? x
                        : T.One
                : T.Zero;
        T result = T.One,
            two = T.One + T.One;
        for (; !T.IsZero(y); y /= two, x = unchecked(x * x))
            if (T.IsOddInteger(y))
                result = unchecked(result * x);
        return result;
    }
}

/// <summary>Computes ONNX Max on every integer and floating-point type; NaN wins.</summary>
internal readonly struct Max : IBinaryArithmetic
{
    public static Tensor Run(Operators.Max op, Tensor?[] inputs, KernelContext context) =>
        Broadcasting.Fold<Max>(inputs, context);

    public static T Apply<T>(T x, T y)
        where T : unmanaged, INumber<T> => T.Max(x, y);

    public static Vector<T> Apply<T>(Vector<T> x, Vector<T> y)
        where T : unmanaged, INumber<T> => Vector.Max(x, y);
}

/// <summary>Computes ONNX Min on every integer and floating-point type; NaN wins.</summary>
internal readonly struct Min : IBinaryArithmetic
{
    public static Tensor Run(Operators.Min op, Tensor?[] inputs, KernelContext context) =>
        Broadcasting.Fold<Min>(inputs, context);

    public static T Apply<T>(T x, T y)
        where T : unmanaged, INumber<T> => T.Min(x, y);

    public static Vector<T> Apply<T>(Vector<T> x, Vector<T> y)
        where T : unmanaged, INumber<T> => Vector.Min(x, y);
}

/// <summary>Computes ONNX Mean on every integer and floating-point type.</summary>
internal static class Mean
{
    public static Tensor Run(Operators.Mean op, Tensor?[] inputs, KernelContext context)
    {
        Tensor sum = Broadcasting.Fold<Add>(inputs, context);
        Tensor count = Casting.Convert(Tensor.Scalar((long)inputs.Length), sum.Type, context);
        return Broadcasting.Run<Div>(sum, count, sum, context);
    }
}

/// <summary>Computes ONNX Sum on every integer and floating-point type.</summary>
internal static class Sum
{
    public static Tensor Run(Operators.Sum op, Tensor?[] inputs, KernelContext context) =>
        Broadcasting.Fold<Add>(inputs, context);
}
