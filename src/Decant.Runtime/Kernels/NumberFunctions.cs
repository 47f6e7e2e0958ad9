using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>A function of one number of any type, with its vector form.</summary>
internal interface INumberFunction
{
    static abstract T Apply<T>(T x) where T : unmanaged, INumber<T>;

    static abstract Vector<T> Apply<T>(Vector<T> x) where T : unmanaged, INumber<T>;
}

/// <summary>Element-wise functions of one tensor of numbers, integers included.</summary>
internal static class NumberFunctions
{
    private const int Grain = 1 << 16;

    public static Tensor Run<TFunction>(Tensor x, KernelContext context) where TFunction : INumberFunction =>
        NumericTypes.Run(x.Type, new Each<TFunction>(x, context));

    private readonly record struct Each<TFunction>(Tensor X, KernelContext Context) : INumericKernel where TFunction : INumberFunction
    {
        public Tensor Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            Tensor result = Tensor.Zeros(X.Type, Context.Output);
            T[] from = X.Array<T>(), to = result.Array<T>();
            Context.Threads.Ranges(from.Length, Grain, (first, end) =>
            {
                int i = first;
                if (Vector<T>.IsSupported)
                    for (; i <= end - Vector<T>.Count; i += Vector<T>.Count) TFunction.Apply(new Vector<T>(from, i)).CopyTo(to, i);
                for (; i < end; i++) to[i] = TFunction.Apply(from[i]);
            });
            return result;
        }
    }
}
