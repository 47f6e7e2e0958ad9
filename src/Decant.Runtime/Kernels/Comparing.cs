using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Whether something holds of two numbers.</summary>
internal interface IComparison
{
    static abstract bool Holds<T>(T x, T y) where T : unmanaged, INumber<T>;
}

/// <summary>Element-wise comparisons of two tensors of numbers, broadcast.</summary>
internal static class Comparing
{
    public static Tensor Run<TOp>(Tensor?[] inputs, KernelContext context) where TOp : IComparison =>
        inputs[0]!.Type == inputs[1]!.Type
            ? NumericTypes.Run(inputs[0]!.Type, new Pair<TOp>(inputs[0]!, inputs[1]!, context))
            : throw new ModelException($"inputs of {inputs[0]} and {inputs[1]} differ in element type; they must agree");

    private readonly record struct Pair<TOp>(Tensor A, Tensor B, KernelContext Context) : INumericKernel where TOp : IComparison
    {
        public Tensor Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            Tensor result = Tensor.Zeros(ElementType.Bool, Context.Output);
            var loops = new BroadcastLoops(Context.Output, A.Shape, B.Shape);
            loops.Run(new Row<TOp, T>(A.Array<T>(), loops.Step(0), B.Array<T>(), loops.Step(1), result.Array<bool>()), Context.Threads);
            return result;
        }
    }

    private readonly struct Row<TOp, T>(T[] x, int xStep, T[] y, int yStep, bool[] z) : IRowKernel
        where TOp : IComparison where T : unmanaged, INumber<T>
    {
        public void Run(ReadOnlySpan<int> at, int to, int count)
        {
            ReadOnlySpan<T> a = x.AsSpan(at[0], xStep == 0 ? 1 : count), b = y.AsSpan(at[1], yStep == 0 ? 1 : count);
            Span<bool> c = z.AsSpan(to, count);
            for (int k = 0; k < c.Length; k++) c[k] = TOp.Holds(a[k * xStep], b[k * yStep]);
        }
    }
}
