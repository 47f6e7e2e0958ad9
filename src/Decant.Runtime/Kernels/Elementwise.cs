using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>A function of one floating-point number, on every lane of a vector.</summary>
internal interface IFunction
{
    Vector<T> Apply<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T>;
}

/// <summary>Element-wise functions of one floating-point tensor.</summary>
internal static class Elementwise
{
    private const int Grain = 1 << 14;

    /// <summary>
    /// The function of every element. What is left over at an end goes through a vector too, so that no result depends
    /// on its place.
    /// </summary>
    public static Tensor Run<TFunction>(TFunction function, Tensor x, KernelContext context)
        where TFunction : IFunction =>
        x.Type switch
        {
            ElementType.Float32 => Run<TFunction, float>(function, x, context),
            ElementType.Float64 => Run<TFunction, double>(function, x, context),
            _ => throw new ModelException($"an input of {x.Type}; floating-point types are possible"),
        };

    private static Tensor Run<TFunction, T>(TFunction function, Tensor x, KernelContext context)
        where TFunction : IFunction
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor result = Tensor.Zeros(x.Type, context.Output);
        T[] from = x.Array<T>(),
            to = result.Array<T>();
        context.Threads.Ranges(from.Length, Grain, (first, end) =>
            Range(function, from.AsSpan(first..end), to.AsSpan(first..end))
        );
        return result;
    }

    private static void Range<TFunction, T>(TFunction function, ReadOnlySpan<T> from, Span<T> to)
        where TFunction : IFunction
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int i = 0;
        for (; i <= from.Length - Vector<T>.Count; i += Vector<T>.Count)
            function.Apply(new Vector<T>(from[i..])).CopyTo(to[i..]);
        if (i == from.Length)
            return;
        Span<T> last = stackalloc T[Vector<T>.Count];
        last.Clear();
        from[i..].CopyTo(last);
        function.Apply(new Vector<T>(last)).CopyTo(last);
        last[..(from.Length - i)].CopyTo(to[i..]);
    }
}

/// <summary>A function of one number of any type, with its vector form.</summary>
internal interface INumberFunction
{
    static abstract T Apply<T>(T x)
        where T : unmanaged, INumber<T>;

    static abstract Vector<T> Apply<T>(Vector<T> x)
        where T : unmanaged, INumber<T>;
}

/// <summary>Element-wise functions of one tensor of numbers, integers included.</summary>
internal static class NumberFunctions
{
    private const int Grain = 1 << 16;

    public static Tensor Run<TFunction>(Tensor x, KernelContext context)
        where TFunction : INumberFunction => NumericTypes.Run(x.Type, new Each<TFunction>(x, context));

    private readonly record struct Each<TFunction>(Tensor X, KernelContext Context) : INumericKernel
        where TFunction : INumberFunction
    {
        public Tensor Run<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            Tensor result = Tensor.Zeros(X.Type, Context.Output);
            T[] from = X.Array<T>(),
                to = result.Array<T>();
            Context.Threads.Ranges(from.Length, Grain, (first, end) =>
            {
                int i = first;
                if (Vector<T>.IsSupported)
                    for (; i <= end - Vector<T>.Count; i += Vector<T>.Count)
                        TFunction.Apply(new Vector<T>(from, i)).CopyTo(to, i);
                for (; i < end; i++)
                    to[i] = TFunction.Apply(from[i]);
            });
            return result;
        }
    }
}
