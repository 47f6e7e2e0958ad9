using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>Element-wise operations of tensors, broadcast as NumPy and ONNX define it.</summary>
internal static class Broadcasting
{
    /// <summary>The operation on inputs 0 and 1.</summary>
    public static Tensor Run<TOp>(Tensor?[] inputs, KernelContext context)
        where TOp : IBinaryArithmetic =>
        Run<TOp>(inputs[0]!, inputs[1]!, Tensor.Zeros(inputs[0]!.Type, context.Output), context);

    /// <summary>The operation on two tensors; the result may be one of them, if it is not broadcast.</summary>
    public static Tensor Run<TOp>(Tensor a, Tensor b, Tensor result, KernelContext context)
        where TOp : IBinaryArithmetic =>
        a.Type == b.Type
            ? NumericTypes.Run(a.Type, new Pair<TOp>(a, b, result, context))
            : throw new ModelException($"inputs of {a} and {b} differ in element type; they must agree");

    /// <summary>The operation on all inputs, from the first on.</summary>
    public static Tensor Fold<TOp>(Tensor?[] inputs, KernelContext context)
        where TOp : IBinaryArithmetic
    {
        if (inputs.Length == 1)
            return inputs[0]!.Clone();
        Tensor result = Run<TOp>(inputs, context);
        for (int i = 2; i < inputs.Length; i++)
            Run<TOp>(result, inputs[i]!, result, context);
        return result;
    }

    private readonly record struct Pair<TOp>(Tensor A, Tensor B, Tensor Result, KernelContext Context) : INumericKernel
        where TOp : IBinaryArithmetic
    {
        public Tensor Run<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            var loops = new BroadcastLoops(Result.Shape, A.Shape, B.Shape);
            loops.Run(
                new Row<TOp, T>(A.Array<T>(), loops.Step(0), B.Array<T>(), loops.Step(1), Result.Array<T>()),
                Context.Threads
            );
            return Result;
        }
    }

    private readonly struct Row<TOp, T>(T[] x, int xStep, T[] y, int yStep, T[] z) : IRowKernel
        where TOp : IBinaryArithmetic
        where T : unmanaged, INumber<T>
    {
        public void Run(ReadOnlySpan<int> at, int to, int count)
        {
            ReadOnlySpan<T> a = x.AsSpan(at[0], xStep == 0 ? 1 : count),
                b = y.AsSpan(at[1], yStep == 0 ? 1 : count);
            Span<T> c = z.AsSpan(to, count);
            int k = 0;
            if (TOp.HasVector<T>())
                for (; k <= count - Vector<T>.Count; k += Vector<T>.Count)
                    TOp.Apply(Load(a, xStep, k), Load(b, yStep, k)).CopyTo(c[k..]);
            for (; k < count; k++)
                c[k] = TOp.Apply(a[k * xStep], b[k * yStep]);
        }

        private static Vector<T> Load(ReadOnlySpan<T> x, int step, int k) =>
            step == 0 ? new Vector<T>(x[0]) : new Vector<T>(x[k..]);
    }
}

/// <summary>Computes a run of neighbouring output elements.</summary>
internal interface IRowKernel
{
    /// <summary>Computes <paramref name="count"/> elements from <paramref name="to"/> on.</summary>
    /// <param name="at">Where each input's run begins; it goes on by the step of that input, 0 or 1.</param>
    /// <param name="to">Where the output's run begins.</param>
    /// <param name="count">How many elements.</param>
    void Run(ReadOnlySpan<int> at, int to, int count);
}

/// <summary>
/// How tensors that are broadcast to a shape are traversed: axes along which all of them go on alike are one, so that
/// runs
/// are long, and along a run each input either stands or goes on by one.
/// </summary>
internal sealed class BroadcastLoops
{
    private const int Grain = 1 << 15;
    private readonly int[] outer;
    private readonly int[][] strides;
    private readonly int width = 1,
        count;

    public BroadcastLoops(Shape output, params Shape[] inputs)
    {
        count = checked((int)output.Count);
        int[][] full = Array.ConvertAll(inputs, s => Kernels.Strides.Broadcast(s, output));
        var extents = new List<int>();
        var merged = Array.ConvertAll(inputs, _ => new List<int>());
        for (int axis = 0; axis < output.Rank; axis++)
            if (output[axis] != 1)
                Append(output[axis], axis, full, extents, merged);
        if (extents.Count > 0)
            width = extents[^1];
        outer = [.. extents.Take(extents.Count - 1)];
        strides = Array.ConvertAll(merged, m => m.ToArray());
    }

    /// <summary>How many elements a line has: a run that is not cut.</summary>
    public int Width => width;

    /// <summary>How many lines there are.</summary>
    public int Lines => count / width;

    /// <summary>Where an input begins for a line.</summary>
    public int Start(int input, int line) => Strides.Offset(line, outer, strides[input]);

    /// <summary>The stride of an input along a run: 0 or 1.</summary>
    public int Step(int input) => strides[input] is [.., var step] ? step : 0;

    /// <summary>Computes all of the output. Which elements a run holds does not depend on the threads.</summary>
    public void Run(IRowKernel row, Threads threads) => threads.Ranges(count, Grain, (from, to) =>
        {
            Span<int> at = stackalloc int[strides.Length];
            for (int n; from < to; from += n)
            {
                (int line, int column) = Math.DivRem(from, width);
                n = Math.Min(width - column, to - from);
                for (int i = 0; i < at.Length; i++)
                    at[i] = Strides.Offset(line, outer, strides[i]) + column * Step(i);
                row.Run(at, from, n);
            }
        });

    private static void Append(int extent, int axis, int[][] full, List<int> extents, List<int>[] merged)
    {
        bool goesOn = extents.Count > 0;
        for (int i = 0; i < full.Length && goesOn; i++)
            goesOn = merged[i][^1] == full[i][axis] * extent;
        if (goesOn)
            extents[^1] *= extent;
        else
            extents.Add(extent);
        for (int i = 0; i < full.Length; i++)
            if (goesOn)
                merged[i][^1] = full[i][axis];
            else
                merged[i].Add(full[i][axis]);
    }
}
