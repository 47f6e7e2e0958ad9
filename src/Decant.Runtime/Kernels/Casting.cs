using System.Collections.Immutable;
using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Converts the elements of a tensor as <see cref="Operators.Cast"/> says.</summary>
internal static class Casting
{
    private const int Grain = 1 << 15;

    /// <summary>The tensor in another type; itself if it has that type.</summary>
    public static Tensor Convert(Tensor x, ElementType to, KernelContext context)
    {
        if (x.Type == to)
            return x;
        if (x.Type == ElementType.Bool)
            return Convert(
                Tensor.Of(x.Shape, Array.ConvertAll(x.Array<bool>(), b => b ? (byte)1 : (byte)0)),
                to,
                context
            );
        return NumericTypes.Run(x.Type, new From(x, to, context));
    }

    private readonly record struct From(Tensor X, ElementType To, KernelContext Context) : INumericKernel
    {
        public Tensor Run<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            if (To == ElementType.Bool)
                return Tensor.Of(X.Shape, Array.ConvertAll(X.Array<T>(), v => !T.IsZero(v)));
            return NumericTypes.Run(To, new Into<T>(X, To, Context));
        }
    }

    private readonly record struct Into<TFrom>(Tensor X, ElementType To, KernelContext Context) : INumericKernel
        where TFrom : unmanaged, INumber<TFrom>
    {
        public Tensor Run<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            Tensor result = Tensor.Zeros(To, X.Shape);
            TFrom[] from = X.Array<TFrom>();
            T[] to = result.Array<T>();
            bool narrow = To is ElementType.Int4 or ElementType.UInt4;
            int greatest = narrow ? (int)To.IntegerRange().Greatest : 0;
            Context.Threads.Ranges(from.Length, Grain, (first, end) =>
            {
                if (narrow)
                    for (int i = first; i < end; i++)
                        to[i] = T.CreateTruncating(FourBits(from[i], greatest));
                else
                    for (int i = first; i < end; i++)
                        to[i] = One<T>(from[i]);
            });
            return result;
        }

        private static T One<T>(TFrom x)
            where T : unmanaged, INumber<T> =>
            typeof(TFrom) == typeof(float) || typeof(TFrom) == typeof(double) || typeof(TFrom) == typeof(Half)
                ? T.CreateSaturating(x)
                : T.CreateTruncating(x);

        private static int FourBits(TFrom x, int greatest)
        {
            int low = (int)One<long>(x) & 15;
            return low > greatest ? low - 16 : low;
        }
    }
}

/// <summary>Computes ONNX Cast between all element types.</summary>
internal static class Cast
{
    public static Tensor Run(Operators.Cast op, Tensor?[] inputs, KernelContext context)
    {
        Tensor result = Casting.Convert(inputs[0]!, op.To, context);
        return result == inputs[0] ? result.Clone() : result;
    }
}

/// <summary>Computes ONNX CastLike between all element types.</summary>
internal static class CastLike
{
    public static Tensor Run(Operators.CastLike op, Tensor?[] inputs, KernelContext context)
    {
        Tensor result = Casting.Convert(inputs[0]!, inputs[1]!.Type, context);
        return result == inputs[0] ? result.Clone() : result;
    }
}

/// <summary>
/// Computes kernels on half-precision tensors in single precision: every operation rounds once, at the end.
/// </summary>
internal static class HalfPrecision
{
    /// <summary>
    /// A kernel whose Float16 inputs are widened; those of its outputs are narrowed that the operator says are Float16.
    /// </summary>
    public static Kernel Widened(Kernel kernel) =>
        (op, inputs, context) =>
        {
            if (!inputs.Any(t => t?.Type == ElementType.Float16))
                return kernel(op, inputs, context);
            ImmutableArray<TensorType?> types = op.Infer(context.Known);
            Tensor?[] wide = Array.ConvertAll(inputs, Widen);
            var known = new OperatorInputs(
                [.. wide.Select(t => t is null ? null : new TensorType(t.Type, t.Shape))],
                [.. wide]
            );
            return
            [
                .. kernel(op, wide, context with { Known = known })
                    .Select((o, i) => types[i]?.Type == ElementType.Float16 ? Narrow(o) : o),
            ];
        };

    private static Tensor? Widen(Tensor? t) =>
        t?.Type == ElementType.Float16 ? Tensor.Of(t.Shape, Array.ConvertAll(t.Array<Half>(), x => (float)x)) : t;

    private static Tensor Narrow(Tensor t) =>
        t.Type == ElementType.Float32 ? Tensor.Of(t.Shape, Array.ConvertAll(t.Array<float>(), x => (Half)x)) : t;
}

/// <summary>A computation that is the same on every integer and floating-point type.</summary>
internal interface INumericKernel
{
    /// <summary>Computes on elements of <typeparamref name="T"/>.</summary>
    Tensor Run<T>()
        where T : unmanaged, INumber<T>, IMinMaxValue<T>;
}

/// <summary>Finds the CLR type for an element type.</summary>
internal static class NumericTypes
{
    /// <summary>Runs a kernel on an element type; 4-bit integers are bytes.</summary>
    /// <exception cref="ModelException">The type is none of numbers.</exception>
    public static Tensor Run<TKernel>(ElementType type, TKernel kernel)
        where TKernel : INumericKernel =>
        type switch
        {
            ElementType.Float32 => kernel.Run<float>(),
            ElementType.Float64 => kernel.Run<double>(),
            ElementType.Float16 => kernel.Run<Half>(),
            ElementType.Int8 or ElementType.Int4 => kernel.Run<sbyte>(),
            ElementType.Int16 => kernel.Run<short>(),
            ElementType.Int32 => kernel.Run<int>(),
            ElementType.Int64 => kernel.Run<long>(),
            ElementType.UInt8 or ElementType.UInt4 => kernel.Run<byte>(),
            ElementType.UInt16 => kernel.Run<ushort>(),
            ElementType.UInt32 => kernel.Run<uint>(),
            ElementType.UInt64 => kernel.Run<ulong>(),
            _ => throw new ModelException($"inputs of {type} are not numeric"),
        };
}
