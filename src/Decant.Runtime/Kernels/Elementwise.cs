using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>A smooth function of one number.</summary>
internal interface IFunction
{
    static abstract T Apply<T>(T x) where T : IFloatingPointIeee754<T>;
}

/// <summary>Element-wise functions of one floating-point tensor.</summary>
internal static class Elementwise
{
    public static Tensor Run<TFunction>(Tensor x, KernelContext context) where TFunction : IFunction => x.Type switch
    {
        ElementType.Float32 => Run<TFunction, float>(x, context),
        ElementType.Float64 => Run<TFunction, double>(x, context),
        _ => throw new ModelException($"an input of {x.Type}; floating-point types are possible"),
    };

    private static Tensor Run<TFunction, T>(Tensor x, KernelContext context)
        where TFunction : IFunction where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] from = x.Array<T>(), to = new T[from.Length];
        context.Threads.Ranges(from.Length, 1 << 14, (first, end) =>
        {
            for (int i = first; i < end; i++) to[i] = TFunction.Apply(from[i]);
        });
        return Tensor.Of(x.Shape, to);
    }
}
