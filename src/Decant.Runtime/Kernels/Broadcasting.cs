using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Element-wise operations of tensors, broadcast as NumPy and ONNX define it.</summary>
internal static class Broadcasting
{
    /// <summary>The operation on inputs 0 and 1.</summary>
    public static Tensor Run<TOp>(Tensor?[] inputs, KernelContext context) where TOp : IBinaryArithmetic =>
        Run<TOp>(inputs[0]!, inputs[1]!, Tensor.Zeros(inputs[0]!.Type, context.Output), context);

    /// <summary>The operation on two tensors; the result may be one of them, if it is not broadcast.</summary>
    public static Tensor Run<TOp>(Tensor a, Tensor b, Tensor result, KernelContext context) where TOp : IBinaryArithmetic =>
        a.Type == b.Type
            ? NumericTypes.Run(a.Type, new Pair<TOp>(a, b, result, context))
            : throw new ModelException($"inputs of {a} and {b} differ in element type; they must agree");

    /// <summary>The operation on all inputs, from the first on.</summary>
    public static Tensor Fold<TOp>(Tensor?[] inputs, KernelContext context) where TOp : IBinaryArithmetic
    {
        if (inputs.Length == 1) return inputs[0]!.Clone();
        Tensor result = Run<TOp>(inputs, context);
        for (int i = 2; i < inputs.Length; i++) Run<TOp>(result, inputs[i]!, result, context);
        return result;
    }

    private readonly record struct Pair<TOp>(Tensor A, Tensor B, Tensor Result, KernelContext Context) : INumericKernel
        where TOp : IBinaryArithmetic
    {
        public Tensor Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            var loops = new BroadcastLoops(Result.Shape, A.Shape, B.Shape);
            loops.Run(new Row<TOp, T>(A.Array<T>(), loops.Step(0), B.Array<T>(), loops.Step(1), Result.Array<T>()), Context.Threads);
            return Result;
        }
    }

    private readonly struct Row<TOp, T>(T[] x, int xStep, T[] y, int yStep, T[] z) : IRowKernel
        where TOp : IBinaryArithmetic where T : unmanaged, INumber<T>
    {
        public void Run(ReadOnlySpan<int> at, int to, int count)
        {
            ReadOnlySpan<T> a = x.AsSpan(at[0], xStep == 0 ? 1 : count), b = y.AsSpan(at[1], yStep == 0 ? 1 : count);
            Span<T> c = z.AsSpan(to, count);
            int k = 0;
            if (TOp.HasVector<T>())
                for (; k <= count - Vector<T>.Count; k += Vector<T>.Count)
                    TOp.Apply(Load(a, xStep, k), Load(b, yStep, k)).CopyTo(c[k..]);
            for (; k < count; k++) c[k] = TOp.Apply(a[k * xStep], b[k * yStep]);
        }

        private static Vector<T> Load(ReadOnlySpan<T> x, int step, int k) => step == 0 ? new Vector<T>(x[0]) : new Vector<T>(x[k..]);
    }
}
