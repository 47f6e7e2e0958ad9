using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX CumSum on every integer and floating-point type; floats are summed in doubles, integers wrap.</summary>
internal static class CumSum
{
    public static Tensor Run(Operators.CumSum op, Tensor?[] inputs, KernelContext context) =>
        context.Known.Integers(1) is [var axis]
            ? NumericTypes.Run(inputs[0]!.Type, new Along(op, inputs[0]!, inputs[0]!.Shape.Axis(axis), context))
            : throw new ModelException($"an axis of {inputs[1]}; it must be one int64 or int32");

    private readonly record struct Along(Operators.CumSum Op, Tensor X, int Axis, KernelContext Context) : INumericKernel
    {
        public Tensor Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            Tensor result = Tensor.Zeros(X.Type, Context.Output);
            int extent = X.Shape[Axis], inner = (int)X.Shape.CountFrom(Axis + 1);
            var (op, from, to) = (Op, X.Array<T>(), result.Array<T>());
            Context.Threads.For(to.Length == 0 ? 0 : to.Length / extent, line =>
            {
                (int block, int at) = Math.DivRem(line, inner);
                int start = block * extent * inner + at;
                if (typeof(T) == typeof(float) || typeof(T) == typeof(Half)) Line<T, double>(op, from.AsSpan(start), to.AsSpan(start), extent, inner);
                else Line<T, T>(op, from.AsSpan(start), to.AsSpan(start), extent, inner);
            });
            return result;
        }
    }

    private static void Line<T, TSum>(Operators.CumSum op, ReadOnlySpan<T> from, Span<T> to, int extent, int step)
        where T : INumber<T> where TSum : INumber<TSum>
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
