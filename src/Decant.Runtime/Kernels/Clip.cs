using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Computes ONNX Clip on every integer and floating-point type; NaN stays NaN.</summary>
internal static class Clip
{
    public static Tensor Run(Operators.Clip op, Tensor?[] inputs, KernelContext context) =>
        NumericTypes.Run(inputs[0]!.Type, new Bounded(inputs[0]!, inputs.ElementAtOrDefault(1), inputs.ElementAtOrDefault(2), context));

    private readonly record struct Bounded(Tensor X, Tensor? Min, Tensor? Max, KernelContext Context) : INumericKernel
    {
        public Tensor Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            Tensor result = Tensor.Zeros(X.Type, Context.Output);
            T low = Bound(Min, T.CreateSaturating(double.NegativeInfinity)), high = Bound(Max, T.CreateSaturating(double.PositiveInfinity));
            T[] from = X.Array<T>(), to = result.Array<T>();
            Context.Threads.Ranges(from.Length, 1 << 16, (first, end) =>
            {
                int i = first;
                if (Vector<T>.IsSupported)
                    for (; i <= end - Vector<T>.Count; i += Vector<T>.Count)
                        Vector.Min(Vector.Max(new Vector<T>(from, i), new Vector<T>(low)), new Vector<T>(high)).CopyTo(to, i);
                for (; i < end; i++) to[i] = T.Min(T.Max(from[i], low), high);
            });
            return result;
        }

        private static T Bound<T>(Tensor? bound, T otherwise) where T : unmanaged => bound switch
        {
            null => otherwise,
            { Count: 1 } => bound.Span<T>()[0],
            _ => throw new ModelException($"a bound of shape {bound.Shape}; it must be one number"),
        };
    }
}
