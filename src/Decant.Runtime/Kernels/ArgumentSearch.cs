using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Finds the place of the greatest or least number along an axis. NaN is found before any number.</summary>
internal static class ArgumentSearch
{
    public static Tensor Run(ArgumentReduction op, bool least, Tensor x, KernelContext context) => NumericTypes.Run(x.Type, new Along(op, least, x, context));

    private readonly record struct Along(ArgumentReduction Op, bool Least, Tensor X, KernelContext Context) : INumericKernel
    {
        public Tensor Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            Tensor result = Tensor.Zeros(ElementType.Int64, Context.Output);
            int axis = X.Shape.Axis(Op.Axis), extent = X.Shape[axis], inner = (int)X.Shape.CountFrom(axis + 1);
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

    private static int Find<T>(ReadOnlySpan<T> x, int extent, int step, bool least, bool last) where T : INumber<T>
    {
        int found = 0;
        T best = x[0];
        for (int i = 1; i < extent; i++)
        {
            T value = x[i * step];
            bool better = least ? value < best : value > best, same = value == best || (T.IsNaN(value) && T.IsNaN(best));
            if ((better && !T.IsNaN(best)) || (T.IsNaN(value) && !T.IsNaN(best)) || (last && same)) (best, found) = (value, i);
        }
        return found;
    }
}
