namespace Decant.Runtime.Kernels;

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
/// How tensors that are broadcast to a shape are walked: axes along which all of them go on alike are one, so that runs are long, and
/// along a run each input either stands or goes on by one.
/// </summary>
internal sealed class BroadcastLoops
{
    private const int Grain = 1 << 15;
    private readonly int[] outer;
    private readonly int[][] strides;
    private readonly int width = 1, count;

    public BroadcastLoops(Shape output, params Shape[] inputs)
    {
        count = checked((int)output.Count);
        int[][] full = Array.ConvertAll(inputs, s => Kernels.Strides.Broadcast(s, output));
        var extents = new List<int>();
        var merged = Array.ConvertAll(inputs, _ => new List<int>());
        for (int axis = 0; axis < output.Rank; axis++)
            if (output[axis] != 1) Append(output[axis], axis, full, extents, merged);
        if (extents.Count > 0) width = extents[^1];
        outer = [.. extents.Take(extents.Count - 1)];
        strides = Array.ConvertAll(merged, m => m.ToArray());
    }

    /// <summary>How many elements a line has: a run that is not cut.</summary>
    public int Width => width;

    /// <summary>How many lines there are.</summary>
    public int Lines => count / width;

    /// <summary>Where an input begins for a line.</summary>
    public int Start(int input, int line) => Strides.Offset(line, outer, strides[input]);

    /// <summary>How far an input goes on with each element of a run: 0 or 1.</summary>
    public int Step(int input) => strides[input] is [.., var step] ? step : 0;

    /// <summary>Computes all of the output. Which elements a run holds does not depend on the threads.</summary>
    public void Run<TRow>(TRow row, Threads threads) where TRow : IRowKernel =>
        threads.Ranges(count, Grain, (from, to) =>
        {
            Span<int> at = stackalloc int[strides.Length];
            for (int n; from < to; from += n)
            {
                (int line, int column) = Math.DivRem(from, width);
                n = Math.Min(width - column, to - from);
                for (int i = 0; i < at.Length; i++) at[i] = Strides.Offset(line, outer, strides[i]) + column * Step(i);
                row.Run(at, from, n);
            }
        });

    private static void Append(int extent, int axis, int[][] full, List<int> extents, List<int>[] merged)
    {
        bool goesOn = extents.Count > 0;
        for (int i = 0; i < full.Length && goesOn; i++) goesOn = merged[i][^1] == full[i][axis] * extent;
        if (goesOn) extents[^1] *= extent;
        else extents.Add(extent);
        for (int i = 0; i < full.Length; i++)
            if (goesOn) merged[i][^1] = full[i][axis];
            else merged[i].Add(full[i][axis]);
    }
}
