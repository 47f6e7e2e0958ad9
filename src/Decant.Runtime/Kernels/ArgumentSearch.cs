using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Finds the place of the greatest or least number along an axis. NaN is found before any number.</summary>
internal static class ArgumentSearch
{
    public static Tensor Run(Operators.ArgumentReduction op, bool least, Tensor x, KernelContext context) =>
        NumericTypes.Run(x.Type, new Along(op, least, x, context));

    private readonly record struct Along(Operators.ArgumentReduction Op, bool Least, Tensor X, KernelContext Context)
        : INumericKernel
    {
        public Tensor Run<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            Tensor result = Tensor.Zeros(ElementType.Int64, Context.Output);
            int axis = X.Shape.Axis(Op.Axis),
                extent = X.Shape[axis],
                inner = (int)X.Shape.CountFrom(axis + 1);
            var (op, least, from, to) = (Op, Least, X.Array<T>(), result.Array<long>());
            Context.Threads.Ranges(to.Length, Math.Max(1, (1 << 15) / extent), (first, end) =>
            {
                for (int i = first; i < end; i++)
                {
                    (int block, int at) = Math.DivRem(i, inner);
                    to[i] = Find<T>(from.AsSpan(block * extent * inner + at), extent, inner, least, op.Last);
                }
            });
            return result;
        }
    }

    private static int Find<T>(ReadOnlySpan<T> x, int extent, int step, bool least, bool last)
        where T : INumber<T>
    {
        int found = 0;
        T best = x[0];
        for (int i = 1; i < extent; i++)
        {
            T value = x[i * step];
            bool better = least ? value < best : value > best,
                same = value == best || (T.IsNaN(value) && T.IsNaN(best));
            if ((better && !T.IsNaN(best)) || (T.IsNaN(value) && !T.IsNaN(best)) || (last && same))
                (best, found) = (value, i);
        }
        return found;
    }
}

/// <summary>Computes ONNX ArgMax on every integer and floating-point type.</summary>
internal static class ArgMax
{
    public static Tensor Run(Operators.ArgMax op, Tensor?[] inputs, KernelContext context) =>
        ArgumentSearch.Run(op, least: false, inputs[0]!, context);
}

/// <summary>Computes ONNX ArgMin on every integer and floating-point type.</summary>
internal static class ArgMin
{
    public static Tensor Run(Operators.ArgMin op, Tensor?[] inputs, KernelContext context) =>
        ArgumentSearch.Run(op, least: true, inputs[0]!, context);
}

/// <summary>
/// Computes ONNX CumSum on every integer and floating-point type; floats are summed in doubles, integers wrap.
/// </summary>
internal static class CumSum
{
    public static Tensor Run(Operators.CumSum op, Tensor?[] inputs, KernelContext context) =>
        context.Known.Integers(1) is [var axis]
            ? NumericTypes.Run(inputs[0]!.Type, new Along(op, inputs[0]!, inputs[0]!.Shape.Axis(axis), context))
            : throw new ModelException($"an axis of {inputs[1]}; it must be one int64 or int32");

    private readonly record struct Along(Operators.CumSum Op, Tensor X, int Axis, KernelContext Context)
        : INumericKernel
    {
        public Tensor Run<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            Tensor result = Tensor.Zeros(X.Type, Context.Output);
            int extent = X.Shape[Axis],
                inner = (int)X.Shape.CountFrom(Axis + 1);
            var (op, from, to) = (Op, X.Array<T>(), result.Array<T>());
            Context.Threads.For(to.Length == 0 ? 0 : to.Length / extent, line =>
            {
                (int block, int at) = Math.DivRem(line, inner);
                int start = block * extent * inner + at;
                if (typeof(T) == typeof(float) || typeof(T) == typeof(Half))
                    Line<T, double>(op, from.AsSpan(start), to.AsSpan(start), extent, inner);
                else
                    Line<T, T>(op, from.AsSpan(start), to.AsSpan(start), extent, inner);
            });
            return result;
        }
    }

    private static void Line<T, TSum>(Operators.CumSum op, ReadOnlySpan<T> from, Span<T> to, int extent, int step)
        where T : INumber<T>
        where TSum : INumber<TSum>
    {
        TSum sum = TSum.Zero;
        for (int k = 0; k < extent; k++)
        {
            int i = (op.Reverse ? extent - 1 - k : k) * step;
            TSum with = unchecked(sum + TSum.CreateTruncating(from[i]));
            to[i] = T.CreateTruncating(op.Exclusive ? sum : with);
            sum = with;
        }
    }
}
