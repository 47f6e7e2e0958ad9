using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Celu on floating-point types.</summary>
internal readonly struct Celu(float alpha) : IFunction
{
    public static Tensor Run(Operators.Celu op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(new Celu(op.Alpha), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Vector.ConditionalSelect(
            Vector.LessThan(x, Vector<T>.Zero),
            VectorMath.NegativeExpM1(Vector.Min(x / VectorMath.All<T>(alpha), Vector<T>.Zero))
                * VectorMath.All<T>(alpha),
            x
        );
}

/// <summary>Computes ONNX Clip on every integer and floating-point type; NaN stays NaN.</summary>
internal static class Clip
{
    public static Tensor Run(Operators.Clip op, Tensor?[] inputs, KernelContext context) =>
        NumericTypes.Run(
            inputs[0]!.Type,
            new Bounded(inputs[0]!, inputs.ElementAtOrDefault(1), inputs.ElementAtOrDefault(2), context)
        );

    private readonly record struct Bounded(Tensor X, Tensor? Min, Tensor? Max, KernelContext Context) : INumericKernel
    {
        public Tensor Run<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            Tensor result = Tensor.Zeros(X.Type, Context.Output);
            T low = Bound(Min, T.CreateSaturating(double.NegativeInfinity)),
                high = Bound(Max, T.CreateSaturating(double.PositiveInfinity));
            T[] from = X.Array<T>(),
                to = result.Array<T>();
            Context.Threads.Ranges(from.Length, 1 << 16, (first, end) =>
            {
                int i = first;
                if (Vector<T>.IsSupported)
                    for (; i <= end - Vector<T>.Count; i += Vector<T>.Count)
                        Vector
                            .Min(Vector.Max(new Vector<T>(from, i), new Vector<T>(low)), new Vector<T>(high))
                            .CopyTo(to, i);
                for (; i < end; i++)
                    to[i] = T.Min(T.Max(from[i], low), high);
            });
            return result;
        }

        private static T Bound<T>(Tensor? bound, T otherwise)
            where T : unmanaged =>
            bound switch
            {
                null => otherwise,
                { Count: 1 } => bound.Span<T>()[0],
                _ => throw new ModelException($"a bound of shape {bound.Shape}; it must be one value"),
            };
    }
}

/// <summary>Computes ONNX Elu on floating-point types.</summary>
internal readonly struct Elu(float alpha) : IFunction
{
    public static Tensor Run(Operators.Elu op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(new Elu(op.Alpha), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Vector.ConditionalSelect(
            Vector.LessThan(x, Vector<T>.Zero),
            VectorMath.NegativeExpM1(Vector.Min(x, Vector<T>.Zero)) * VectorMath.All<T>(alpha),
            x
        );
}

/// <summary>Computes ONNX Gelu on floating-point types.</summary>
internal readonly struct Gelu(bool byTanh) : IFunction
{
    public static Tensor Run(Operators.Gelu op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(new Gelu(op.ByTanh), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Vector<T> half = x * VectorMath.All<T>(0.5);
        if (!byTanh)
            return half * (Vector<T>.One + VectorMath.Erf(x * VectorMath.All<T>(Math.Sqrt(0.5))));
        Vector<T> inner = (x + x * x * x * VectorMath.All<T>(0.044715)) * VectorMath.All<T>(Math.Sqrt(2 / Math.PI));
        return half * (Vector<T>.One + VectorMath.Tanh(inner));
    }
}

/// <summary>Computes ONNX HardSigmoid on floating-point types.</summary>
internal readonly struct HardSigmoid(float alpha, float beta) : IFunction
{
    public static Tensor Run(Operators.HardSigmoid op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(new HardSigmoid(op.Alpha, op.Beta), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> => Hold(x * VectorMath.All<T>(alpha) + VectorMath.All<T>(beta));

    /// <summary>x between 0 and 1.</summary>
    public static Vector<T> Hold<T>(Vector<T> x) => Vector.Max(Vector<T>.Zero, Vector.Min(Vector<T>.One, x));
}

/// <summary>Computes ONNX HardSwish on floating-point types.</summary>
internal readonly struct HardSwish : IFunction
{
    public static Tensor Run(Operators.HardSwish op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(default(HardSwish), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        x * HardSigmoid.Hold(x * VectorMath.All<T>(1.0 / 6) + VectorMath.All<T>(0.5));
}

/// <summary>Computes ONNX LeakyRelu on floating-point types.</summary>
internal readonly struct LeakyRelu(float alpha) : IFunction
{
    public static Tensor Run(Operators.LeakyRelu op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(new LeakyRelu(op.Alpha), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), x * VectorMath.All<T>(alpha), x);
}

/// <summary>Computes ONNX Mish on floating-point types.</summary>
internal readonly struct Mish : IFunction
{
    public static Tensor Run(Operators.Mish op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(default(Mish), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        // With e = eˣ, tanh(ln(1 + e)) is (e² + 2e)/(e² + 2e + 2); from x = 20 on it is 1 in doubles too.
        Vector<T> e = VectorMath.Exp(Vector.Min(x, VectorMath.All<T>(20))),
            n = e * (e + VectorMath.All<T>(2));
        return x * (n / (n + VectorMath.All<T>(2)));
    }
}

/// <summary>Computes ONNX PRelu on every integer and floating-point type.</summary>
internal readonly struct PRelu : IBinaryArithmetic
{
    public static Tensor Run(Operators.PRelu op, Tensor?[] inputs, KernelContext context) =>
        Broadcasting.Run<PRelu>(inputs, context);

    public static T Apply<T>(T x, T y)
        where T : unmanaged, INumber<T> => x < T.Zero ? unchecked(x * y) : x;

    public static Vector<T> Apply<T>(Vector<T> x, Vector<T> y)
        where T : unmanaged, INumber<T> => Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), x * y, x);
}

/// <summary>Computes ONNX Relu on floating-point and signed integer types; NaN stays NaN.</summary>
internal readonly struct Relu : INumberFunction
{
    public static Tensor Run(Operators.Relu op, Tensor?[] inputs, KernelContext context) =>
        inputs[0]!.Type
            is ElementType.Float32
                or ElementType.Float64
                or ElementType.Float16
                or ElementType.Int8
                or ElementType.Int16
                or ElementType.Int32
                or ElementType.Int64
            ? NumberFunctions.Run<Relu>(inputs[0]!, context)
            : throw new ModelException(
                $"an input of {inputs[0]!.Type}; Relu takes floating-point and signed integer types"
            );

    public static T Apply<T>(T x)
        where T : unmanaged, INumber<T> => x < T.Zero ? T.Zero : x;

    public static Vector<T> Apply<T>(Vector<T> x)
        where T : unmanaged, INumber<T> =>
        Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), Vector<T>.Zero, x);
}

/// <summary>Computes ONNX Selu on floating-point types.</summary>
internal readonly struct Selu(float alpha, float gamma) : IFunction
{
    public static Tensor Run(Operators.Selu op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(new Selu(op.Alpha, op.Gamma), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        VectorMath.All<T>(gamma)
        * Vector.ConditionalSelect(
            Vector.LessThan(x, Vector<T>.Zero),
            VectorMath.NegativeExpM1(Vector.Min(x, Vector<T>.Zero)) * VectorMath.All<T>(alpha),
            x
        );
}

/// <summary>Computes ONNX Sigmoid on floating-point types.</summary>
internal readonly struct Sigmoid : IFunction
{
    public static Tensor Run(Operators.Sigmoid op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(default(Sigmoid), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> => Vector<T>.One / (Vector<T>.One + VectorMath.Exp(-x));
}

/// <summary>Computes ONNX Softplus on floating-point types.</summary>
internal readonly struct Softplus : IFunction
{
    public static Tensor Run(Operators.Softplus op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(default(Softplus), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> => VectorMath.Softplus(x);
}

/// <summary>Computes ONNX Softsign on floating-point types.</summary>
internal readonly struct Softsign : IFunction
{
    public static Tensor Run(Operators.Softsign op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(default(Softsign), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> => x / (Vector<T>.One + Vector.Abs(x));
}

/// <summary>Computes ONNX Tanh on floating-point types.</summary>
internal readonly struct Tanh : IFunction
{
    public static Tensor Run(Operators.Tanh op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(default(Tanh), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> => VectorMath.Tanh(x);
}

/// <summary>Computes ONNX ThresholdedRelu on floating-point types.</summary>
internal readonly struct ThresholdedRelu(float alpha) : IFunction
{
    public static Tensor Run(Operators.ThresholdedRelu op, Tensor?[] inputs, KernelContext context) =>
        Elementwise.Run(new ThresholdedRelu(op.Alpha), inputs[0]!, context);

    public Vector<T> Apply<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Vector.ConditionalSelect(Vector.LessThanOrEqual(x, VectorMath.All<T>(alpha)), Vector<T>.Zero, x);
}
