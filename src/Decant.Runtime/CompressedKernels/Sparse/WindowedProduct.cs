using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Decant.Runtime.Memory;

namespace Decant.Runtime.CompressedKernels.Sparse;

/// <summary>
/// y = x·Wᵀ by the numbers of W that are not zero, for weights that fit in the caches: sixteen rows of nearly equal
/// length side by side, and for each window of sixteen columns as many steps as the fullest of these rows needs. A step
/// picks each row's input out of the window by a permutation of one register, so that nothing is gathered from memory;
/// rows with fewer numbers multiply by zero.
/// </summary>
internal sealed unsafe class WindowedProduct
{
    private const int Lanes = 16,
        Chains = 4;
    private readonly Pinned<float> values,
        biases;
    private readonly Pinned<byte> places;
    private readonly Pinned<int> windows,
        rows;
    private readonly int[] starts;
    private readonly float least;

    public WindowedProduct(SparseRows matrix, Epilogue finish)
    {
        finish.Check(matrix.Rows);
        (Outputs, Inputs, least) = (matrix.Rows, matrix.Columns, finish.Relu ? 0 : float.NegativeInfinity);
        Groups = (Outputs + Lanes - 1) / Lanes;
        rows = new Pinned<int>([
            .. Enumerable.Range(0, Outputs).OrderByDescending(r => matrix.Starts[r + 1] - matrix.Starts[r]),
        ]);
        starts = new int[Groups + 1];
        var steps = new List<Step>();
        for (int group = 0; group < Groups; group++)
        {
            steps.AddRange(Steps(matrix, group));
            while (steps.Count % Chains != 0)
                steps.Add(new Step(0));
            starts[group + 1] = steps.Count;
        }
        (values, places, windows, biases) = (
            new Pinned<float>(steps.Count * Lanes),
            new Pinned<byte>(steps.Count * Lanes),
            new Pinned<int>(steps.Count),
            new Pinned<float>(Groups * Lanes)
        );
        for (int i = 0; i < steps.Count; i++)
        {
            windows.Address[i] = steps[i].Window * Lanes;
            steps[i].Values.CopyTo(values.Span[(i * Lanes)..]);
            steps[i].Places.CopyTo(places.Span[(i * Lanes)..]);
        }
        for (int i = 0; i < Outputs; i++)
            biases.Address[i] = finish.Bias?[rows.Address[i]] ?? 0;
    }

    /// <summary>Whether this machine computes it.</summary>
    public static bool IsSupported(VectorWidth width) => width == VectorWidth.V512 && Avx512F.IsSupported;

    public int Outputs { get; }

    public int Inputs { get; }

    /// <summary>Groups of sixteen outputs.</summary>
    public int Groups { get; }

    /// <summary>Computes the outputs of some groups for one row of inputs.</summary>
    /// <param name="x">Inputs; up to fifteen numbers behind them are read, and count nothing.</param>
    /// <param name="y">All outputs.</param>
    /// <param name="from">The first group.</param>
    /// <param name="to">The group after the last.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(float* x, float* y, int from, int to)
    {
        float* sums = stackalloc float[Lanes];
        for (int group = from; group < to; group++)
        {
            Vector512<float> a = Vector512.Load(biases.Address + group * Lanes),
                b = default,
                c = default,
                d = default;
            float* w = values.Address + (nint)starts[group] * Lanes;
            byte* p = places.Address + (nint)starts[group] * Lanes;
            int* window = windows.Address + starts[group],
                end = windows.Address + starts[group + 1];
            for (; window < end; window += Chains, w += Chains * Lanes, p += Chains * Lanes)
            {
                a = Vector512.FusedMultiplyAdd(Picked(x + window[0], p), Vector512.Load(w), a);
                b = Vector512.FusedMultiplyAdd(Picked(x + window[1], p + Lanes), Vector512.Load(w + Lanes), b);
                c = Vector512.FusedMultiplyAdd(Picked(x + window[2], p + 2 * Lanes), Vector512.Load(w + 2 * Lanes), c);
                d = Vector512.FusedMultiplyAdd(Picked(x + window[3], p + 3 * Lanes), Vector512.Load(w + 3 * Lanes), d);
            }
            Vector512<float> sum = Vector512.MaxNative(Vector512.Create(least), a + b + (c + d));
            sum.Store(sums);
            int* row = rows.Address + group * Lanes;
            int count = Math.Min(Lanes, Outputs - group * Lanes);
            for (int i = 0; i < count; i++)
                y[row[i]] = sums[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Picked(float* x, byte* places) =>
        Avx512F.PermuteVar16x32(Vector512.Load(x), Avx512F.ConvertToVector512Int32(Vector128.Load(places)));

    private IEnumerable<Step> Steps(SparseRows matrix, int group)
    {
        var byWindow = new SortedDictionary<int, List<Step>>();
        int end = Math.Min(matrix.Rows, (group + 1) * Lanes);
        for (int lane = group * Lanes; lane < end; lane++)
        for (int row = rows.Span[lane], i = matrix.Starts[row], last = -1, depth = 0; i < matrix.Starts[row + 1]; i++)
        {
            int window = matrix.Places[i] / Lanes;
            depth = window == last ? depth + 1 : 0;
            last = window;
            if (!byWindow.TryGetValue(window, out List<Step>? steps))
                byWindow[window] = steps = [];
            if (steps.Count == depth)
                steps.Add(new Step(window));
            (steps[depth].Values[lane % Lanes], steps[depth].Places[lane % Lanes]) = (
                matrix.Values[i],
                (byte)(matrix.Places[i] % Lanes)
            );
        }
        return byWindow.Values.SelectMany(s => s);
    }

    private sealed class Step(int window)
    {
        public int Window => window;

        public float[] Values { get; } = new float[Lanes];

        public byte[] Places { get; } = new byte[Lanes];
    }
}
