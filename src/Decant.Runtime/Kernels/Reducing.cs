using System.Numerics;

namespace Decant.Runtime.Kernels;

/// <summary>
/// Reductions over axes. Floats are summed in doubles; integers wrap. The order of sums does not depend on the threads.
/// </summary>
internal static class Reducing
{
    private const int Grain = 1 << 15;

    /// <summary>Reduces input 0.</summary>
    public static Tensor Run<TOp>(Operators.Reduction op, Tensor?[] inputs, KernelContext context)
        where TOp : IReduction =>
        Run<TOp>(inputs[0]!, op.Axes(inputs[0]!.Shape, context.Known.Integers(1)), context.Output, context);

    /// <summary>Reduces a tensor; bools as the bytes 0 and 1.</summary>
    public static Tensor Run<TOp>(Tensor x, bool[] reduced, Shape output, KernelContext context)
        where TOp : IReduction
    {
        if (x.Type != ElementType.Bool)
            return NumericTypes.Run(x.Type, new Axes<TOp>(x, reduced, output, context));
        Tensor bytes = Run<TOp>(Casting.Convert(x, ElementType.UInt8, context), reduced, output, context);
        return Casting.Convert(bytes, ElementType.Bool, context);
    }

    private readonly record struct Axes<TOp>(Tensor X, bool[] Reduced, Shape Output, KernelContext Context)
        : INumericKernel
        where TOp : IReduction
    {
        public Tensor Run<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            Tensor result = Tensor.Zeros(X.Type, Output);
            var loops = new ReductionLoops(X.Shape, Reduced);
            T[] from = X.Array<T>(),
                to = result.Array<T>();
            int grain = (int)Math.Max(1, Grain / Math.Max(1, (long)loops.Lines * loops.Width));
            Context.Threads.Ranges(to.Length == 0 ? 0 : loops.Blocks, grain, (first, end) =>
            {
                if (typeof(T) == typeof(float) || typeof(T) == typeof(Half))
                    Blocks<TOp, T, double>(loops, from, to, first, end);
                else
                    Blocks<TOp, T, T>(loops, from, to, first, end);
            });
            return result;
        }
    }

    private static void Blocks<TOp, T, TSum>(ReductionLoops loops, T[] from, T[] to, int first, int end)
        where TOp : IReduction
        where T : unmanaged, INumber<T>
        where TSum : unmanaged, INumber<TSum>
    {
        long count = loops.Lines * (loops.LineIsReduced ? (long)loops.Width : 1);
        var sums = new TSum[loops.LineIsReduced ? 1 : loops.Width];
        for (int block = first; block < end; block++)
        {
            Array.Fill(sums, TOp.Seed<TSum>());
            for (int line = 0; line < loops.Lines && loops.Width > 0; line++)
            {
                ReadOnlySpan<T> x = from.AsSpan(loops.Start(block, line), loops.Width);
                if (loops.LineIsReduced)
                    sums[0] = TOp.Join(sums[0], Line<TOp, T, TSum>(x));
                else
                    AddLine<TOp, T, TSum>(x, sums);
            }
            for (int i = 0; i < sums.Length; i++)
                to[block * sums.Length + i] = T.CreateTruncating(TOp.Finish(sums[i], count));
        }
    }

    /// <summary>What is found of neighbours: two vectors of sums side by side, then what is left over.</summary>
    private static TSum Line<TOp, T, TSum>(ReadOnlySpan<T> x)
        where TOp : IReduction
        where T : unmanaged, INumber<T>
        where TSum : unmanaged, INumber<TSum>
    {
        TSum found = TOp.Seed<TSum>();
        int i = 0,
            step = 2 * Vector<TSum>.Count;
        if (HasVector<T, TSum>() && x.Length >= step)
        {
            Vector<TSum> a = new(found),
                b = a;
            for (; i <= x.Length - step; i += step)
            {
                var (low, high) = Load<T, TSum>(x[i..]);
                (a, b) = (TOp.Add(a, low), TOp.Add(b, high));
            }
            for (int lane = 0; lane < Vector<TSum>.Count; lane++)
                found = TOp.Join(found, TOp.Join(a[lane], b[lane]));
        }
        for (; i < x.Length; i++)
            found = TOp.Add(found, TSum.CreateTruncating(x[i]));
        return found;
    }

    private static void AddLine<TOp, T, TSum>(ReadOnlySpan<T> x, Span<TSum> sums)
        where TOp : IReduction
        where T : unmanaged, INumber<T>
        where TSum : unmanaged, INumber<TSum>
    {
        int i = 0,
            half = Vector<TSum>.Count;
        if (HasVector<T, TSum>())
            for (; i <= x.Length - 2 * half; i += 2 * half)
            {
                var (low, high) = Load<T, TSum>(x[i..]);
                TOp.Add(new Vector<TSum>(sums[i..]), low).CopyTo(sums[i..]);
                TOp.Add(new Vector<TSum>(sums[(i + half)..]), high).CopyTo(sums[(i + half)..]);
            }
        for (; i < x.Length; i++)
            sums[i] = TOp.Add(sums[i], TSum.CreateTruncating(x[i]));
    }

    private static bool HasVector<T, TSum>() => typeof(T) != typeof(Half) && Vector<TSum>.IsSupported;

    /// <summary>Two vectors of sums' type: widened from one of floats, or two as they are.</summary>
    private static (Vector<TSum> Low, Vector<TSum> High) Load<T, TSum>(ReadOnlySpan<T> x)
    {
        if (typeof(T) == typeof(TSum))
            return (new Vector<T>(x).As<T, TSum>(), new Vector<T>(x[Vector<T>.Count..]).As<T, TSum>());
        Vector.Widen(Vector.AsVectorSingle(new Vector<T>(x)), out Vector<double> low, out Vector<double> high);
        return (low.As<double, TSum>(), high.As<double, TSum>());
    }
}

/// <summary>
/// How a tensor is traversed to reduce it: neighbouring axes of one kind are one axis; the last one is a line, kept or
/// reduced. Blocks are the kept places before it, and each block has lines, one for each reduced place before it.
/// </summary>
internal sealed class ReductionLoops
{
    private readonly int[] keptExtents,
        keptStrides,
        reducedExtents,
        reducedStrides;

    public ReductionLoops(Shape x, bool[] reduced)
    {
        int[] strides = Strides.Of(x);
        var axes = new List<Axis>();
        for (int axis = 0; axis < x.Rank; axis++)
        {
            if (x[axis] == 1)
                continue;
            bool goesOn = axes.Count > 0 && axes[^1].Reduced == reduced[axis];
            int extent = goesOn ? checked(axes[^1].Extent * x[axis]) : x[axis];
            var merged = new Axis(extent, strides[axis], reduced[axis]);
            if (goesOn)
                axes[^1] = merged;
            else
                axes.Add(merged);
        }
        (Width, _, LineIsReduced) = axes.Count > 0 ? axes[^1] : new Axis(1, 1, true);
        Axis[] kept = [.. axes.SkipLast(1).Where(a => !a.Reduced)],
            gone = [.. axes.SkipLast(1).Where(a => a.Reduced)];
        (keptExtents, keptStrides) = ([.. kept.Select(a => a.Extent)], [.. kept.Select(a => a.Stride)]);
        (reducedExtents, reducedStrides) = ([.. gone.Select(a => a.Extent)], [.. gone.Select(a => a.Stride)]);
        (Blocks, Lines) = (checked((int)new Shape(keptExtents).Count), checked((int)new Shape(reducedExtents).Count));
    }

    /// <summary>How long a line is.</summary>
    public int Width { get; }

    /// <summary>Whether a line is reduced to one number; else lines are reduced to one line.</summary>
    public bool LineIsReduced { get; }

    /// <summary>How many blocks there are.</summary>
    public int Blocks { get; }

    /// <summary>How many lines a block has.</summary>
    public int Lines { get; }

    /// <summary>Where a line of a block begins.</summary>
    public int Start(int block, int line) =>
        Strides.Offset(block, keptExtents, keptStrides) + Strides.Offset(line, reducedExtents, reducedStrides);

    private sealed record Axis(int Extent, int Stride, bool Reduced);
}
