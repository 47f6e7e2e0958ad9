using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Converts the elements of a tensor as <see cref="Operators.Cast"/> says.</summary>
internal static class Casting
{
    private const int Grain = 1 << 15;

    /// <summary>The tensor in another type; itself if it has that type.</summary>
    public static Tensor Convert(Tensor x, ElementType to, KernelContext context)
    {
        if (x.Type == to) return x;
        if (x.Type == ElementType.Bool)
            return Convert(Tensor.Of(x.Shape, Array.ConvertAll(x.Array<bool>(), b => b ? (byte)1 : (byte)0)), to, context);
        return NumericTypes.Run(x.Type, new From(x, to, context));
    }

    private readonly record struct From(Tensor X, ElementType To, KernelContext Context) : INumericKernel
    {
        public Tensor Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            if (To == ElementType.Bool) return Tensor.Of(X.Shape, Array.ConvertAll(X.Array<T>(), v => !T.IsZero(v)));
            return NumericTypes.Run(To, new Into<T>(X, To, Context));
        }
    }

    private readonly record struct Into<TFrom>(Tensor X, ElementType To, KernelContext Context) : INumericKernel
        where TFrom : unmanaged, INumber<TFrom>
    {
        public Tensor Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            Tensor result = Tensor.Zeros(To, X.Shape);
            TFrom[] from = X.Array<TFrom>();
            T[] to = result.Array<T>();
            bool narrow = To is ElementType.Int4 or ElementType.UInt4;
            int greatest = narrow ? (int)To.IntegerRange().Greatest : 0;
            Context.Threads.Ranges(from.Length, Grain, (first, end) =>
            {
                if (narrow)
                    for (int i = first; i < end; i++) to[i] = T.CreateTruncating(FourBits(from[i], greatest));
                else
                    for (int i = first; i < end; i++) to[i] = One<T>(from[i]);
            });
            return result;
        }

        private static T One<T>(TFrom x) where T : unmanaged, INumber<T> =>
            typeof(TFrom) == typeof(float) || typeof(TFrom) == typeof(double) || typeof(TFrom) == typeof(Half) ? T.CreateSaturating(x) : T.CreateTruncating(x);

        private static int FourBits(TFrom x, int greatest)
        {
            int low = (int)One<long>(x) & 15;
            return low > greatest ? low - 16 : low;
        }
    }
}
