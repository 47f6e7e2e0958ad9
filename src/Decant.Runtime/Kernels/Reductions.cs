using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>
/// What a reduction makes of many numbers: each is added to what was found, and parts found separately are joined.
/// </summary>
internal interface IReduction
{
    /// <summary>What is found of no numbers.</summary>
    static abstract T Seed<T>()
        where T : unmanaged, INumber<T>;

    /// <summary>What is found with one number more.</summary>
    static abstract T Add<T>(T found, T x)
        where T : unmanaged, INumber<T>;

    /// <summary>The same on every lane.</summary>
    static abstract Vector<T> Add<T>(Vector<T> found, Vector<T> x)
        where T : unmanaged, INumber<T>;

    /// <summary>What is found of two parts.</summary>
    static abstract T Join<T>(T a, T b)
        where T : unmanaged, INumber<T>;

    /// <summary>The result, from what was found of so many numbers.</summary>
    static virtual T Finish<T>(T found, long count)
        where T : unmanaged, INumber<T> => found;
}

/// <summary>Computes ONNX ReduceL1 on every integer and floating-point type.</summary>
internal readonly struct ReduceL1 : IReduction
{
    public static Tensor Run(Operators.ReduceL1 op, Tensor?[] inputs, KernelContext context) =>
        Reducing.Run<ReduceL1>(op, inputs, context);

    public static T Seed<T>()
        where T : unmanaged, INumber<T> => T.Zero;

    public static T Add<T>(T found, T x)
        where T : unmanaged, INumber<T> => unchecked(found + Abs.Apply(x));

    public static Vector<T> Add<T>(Vector<T> found, Vector<T> x)
        where T : unmanaged, INumber<T> => found + Vector.Abs(x);

    public static T Join<T>(T a, T b)
        where T : unmanaged, INumber<T> => unchecked(a + b);
}

/// <summary>Computes ONNX ReduceL2 on every integer and floating-point type.</summary>
internal readonly struct ReduceL2 : IReduction
{
    public static Tensor Run(Operators.ReduceL2 op, Tensor?[] inputs, KernelContext context) =>
        Reducing.Run<ReduceL2>(op, inputs, context);

    public static T Seed<T>()
        where T : unmanaged, INumber<T> => T.Zero;

    public static T Add<T>(T found, T x)
        where T : unmanaged, INumber<T> => unchecked(found + x * x);

    public static Vector<T> Add<T>(Vector<T> found, Vector<T> x)
        where T : unmanaged, INumber<T> => found + x * x;

    public static T Join<T>(T a, T b)
        where T : unmanaged, INumber<T> => unchecked(a + b);

    public static T Finish<T>(T found, long count)
        where T : unmanaged, INumber<T> => T.CreateTruncating(Math.Sqrt(double.CreateTruncating(found)));
}

/// <summary>Computes ONNX ReduceLogSum on every integer and floating-point type.</summary>
internal readonly struct ReduceLogSum : IReduction
{
    public static Tensor Run(Operators.ReduceLogSum op, Tensor?[] inputs, KernelContext context) =>
        Reducing.Run<ReduceLogSum>(op, inputs, context);

    public static T Seed<T>()
        where T : unmanaged, INumber<T> => T.Zero;

    public static T Add<T>(T found, T x)
        where T : unmanaged, INumber<T> => unchecked(found + x);

    public static Vector<T> Add<T>(Vector<T> found, Vector<T> x)
        where T : unmanaged, INumber<T> => found + x;

    public static T Join<T>(T a, T b)
        where T : unmanaged, INumber<T> => unchecked(a + b);

    public static T Finish<T>(T found, long count)
        where T : unmanaged, INumber<T> => T.CreateTruncating(Math.Log(double.CreateTruncating(found)));
}

/// <summary>
/// Computes ONNX ReduceLogSumExp on floating-point types; the greatest number is taken off first, so that no
/// exponential overflows.
/// </summary>
internal static class ReduceLogSumExp
{
    public static Tensor Run(Operators.ReduceLogSumExp op, Tensor?[] inputs, KernelContext context)
    {
        Tensor x = inputs[0]!;
        if (!x.Type.IsFloat())
            throw new ModelException($"an input of {x.Type}; floating-point types are possible");
        bool[] reduced = op.Axes(x.Shape, context.Known.Integers(1));
        var kept = new Shape([.. x.Shape.Dims.Select((d, i) => reduced[i] ? 1 : d)]);
        Tensor max = Finite(Reducing.Run<ReduceMax>(x, reduced, kept, context));
        KernelContext whole = context with { Output = x.Shape },
            part = context with { Output = kept };
        Tensor shifted = Elementwise.Run(default(Exp), Broadcasting.Run<Sub>([x, max], whole), whole);
        Tensor log = Elementwise.Run(default(Log), Reducing.Run<ReduceSum>(shifted, reduced, kept, context), part);
        return Broadcasting.Run<Add>(log, max, log, part).Reshape(context.Output);
    }

    /// <summary>Infinities are not taken off: their difference is no number.</summary>
    private static Tensor Finite(Tensor max)
    {
        if (max.Type == ElementType.Float32)
            foreach (ref float m in max.Span<float>())
                m = float.IsInfinity(m) ? 0 : m;
        else
            foreach (ref double m in max.Span<double>())
                m = double.IsInfinity(m) ? 0 : m;
        return max;
    }
}

/// <summary>Computes ONNX ReduceMax on every integer and floating-point type and bools; NaN wins.</summary>
internal readonly struct ReduceMax : IReduction
{
    public static Tensor Run(Operators.ReduceMax op, Tensor?[] inputs, KernelContext context) =>
        Reducing.Run<ReduceMax>(op, inputs, context);

    public static T Seed<T>()
        where T : unmanaged, INumber<T> => T.CreateSaturating(double.NegativeInfinity);

    public static T Add<T>(T found, T x)
        where T : unmanaged, INumber<T> => T.Max(found, x);

    public static Vector<T> Add<T>(Vector<T> found, Vector<T> x)
        where T : unmanaged, INumber<T> => Vector.Max(found, x);

    public static T Join<T>(T a, T b)
        where T : unmanaged, INumber<T> => T.Max(a, b);
}

/// <summary>Computes ONNX ReduceMean on every integer and floating-point type; of integers toward zero.</summary>
internal readonly struct ReduceMean : IReduction
{
    public static Tensor Run(Operators.ReduceMean op, Tensor?[] inputs, KernelContext context) =>
        Reducing.Run<ReduceMean>(op, inputs, context);

    public static T Seed<T>()
        where T : unmanaged, INumber<T> => T.Zero;

    public static T Add<T>(T found, T x)
        where T : unmanaged, INumber<T> => unchecked(found + x);

    public static Vector<T> Add<T>(Vector<T> found, Vector<T> x)
        where T : unmanaged, INumber<T> => found + x;

    public static T Join<T>(T a, T b)
        where T : unmanaged, INumber<T> => unchecked(a + b);

    public static T Finish<T>(T found, long count)
        where T : unmanaged, INumber<T> =>
        count == 0 && T.IsZero(T.One / (T.One + T.One)) ? T.Zero : found / T.CreateTruncating(count);
}

/// <summary>Computes ONNX ReduceMin on every integer and floating-point type and bools; NaN wins.</summary>
internal readonly struct ReduceMin : IReduction
{
    public static Tensor Run(Operators.ReduceMin op, Tensor?[] inputs, KernelContext context) =>
        Reducing.Run<ReduceMin>(op, inputs, context);

    public static T Seed<T>()
        where T : unmanaged, INumber<T> => T.CreateSaturating(double.PositiveInfinity);

    public static T Add<T>(T found, T x)
        where T : unmanaged, INumber<T> => T.Min(found, x);

    public static Vector<T> Add<T>(Vector<T> found, Vector<T> x)
        where T : unmanaged, INumber<T> => Vector.Min(found, x);

    public static T Join<T>(T a, T b)
        where T : unmanaged, INumber<T> => T.Min(a, b);
}

/// <summary>Computes ONNX ReduceProd on every integer and floating-point type.</summary>
internal readonly struct ReduceProd : IReduction
{
    public static Tensor Run(Operators.ReduceProd op, Tensor?[] inputs, KernelContext context) =>
        Reducing.Run<ReduceProd>(op, inputs, context);

    public static T Seed<T>()
        where T : unmanaged, INumber<T> => T.One;

    public static T Add<T>(T found, T x)
        where T : unmanaged, INumber<T> => unchecked(found * x);

    public static Vector<T> Add<T>(Vector<T> found, Vector<T> x)
        where T : unmanaged, INumber<T> => found * x;

    public static T Join<T>(T a, T b)
        where T : unmanaged, INumber<T> => unchecked(a * b);
}

/// <summary>Computes ONNX ReduceSum on every integer and floating-point type.</summary>
internal readonly struct ReduceSum : IReduction
{
    public static Tensor Run(Operators.ReduceSum op, Tensor?[] inputs, KernelContext context) =>
        Reducing.Run<ReduceSum>(op, inputs, context);

    public static T Seed<T>()
        where T : unmanaged, INumber<T> => T.Zero;

    public static T Add<T>(T found, T x)
        where T : unmanaged, INumber<T> => unchecked(found + x);

    public static Vector<T> Add<T>(Vector<T> found, Vector<T> x)
        where T : unmanaged, INumber<T> => found + x;

    public static T Join<T>(T a, T b)
        where T : unmanaged, INumber<T> => unchecked(a + b);
}

/// <summary>Computes ONNX ReduceSumSquare on every integer and floating-point type.</summary>
internal readonly struct ReduceSumSquare : IReduction
{
    public static Tensor Run(Operators.ReduceSumSquare op, Tensor?[] inputs, KernelContext context) =>
        Reducing.Run<ReduceSumSquare>(op, inputs, context);

    public static T Seed<T>()
        where T : unmanaged, INumber<T> => T.Zero;

    public static T Add<T>(T found, T x)
        where T : unmanaged, INumber<T> => unchecked(found + x * x);

    public static Vector<T> Add<T>(Vector<T> found, Vector<T> x)
        where T : unmanaged, INumber<T> => found + x * x;

    public static T Join<T>(T a, T b)
        where T : unmanaged, INumber<T> => unchecked(a + b);
}
