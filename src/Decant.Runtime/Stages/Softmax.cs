using System.Runtime.Intrinsics;
using Decant.Runtime.Memory;
using Decant.Runtime.Vectors;

namespace Decant.Runtime.Stages;

/// <summary>Softmax or LogSoftmax along one axis of a value in ONNX's order.</summary>
internal sealed unsafe class Softmax : Stage
{
    private readonly RowLayer layer;
    private readonly int step,
        rowsAPiece;
    private readonly bool log;
    private readonly delegate* <float*, float*, int, int, bool, void> method;

    /// <summary>Makes the stage.</summary>
    /// <param name="layer">The axis and those behind it are a row.</param>
    /// <param name="step">Numbers of the axes behind.</param>
    /// <param name="log">Whether the logarithm is taken.</param>
    /// <param name="width">How wide vectors are.</param>
    /// <param name="threads">How many threads there are.</param>
    public Softmax(RowLayer layer, int step, bool log, VectorWidth width, int threads)
    {
        (this.layer, this.step, this.log) = (layer, step, log);
        method = width switch
        {
            VectorWidth.V512 => &SoftmaxRow<Vector512<float>, Simd512>.Run,
            VectorWidth.V256 => &SoftmaxRow<Vector256<float>, Simd256>.Run,
            VectorWidth.V128 => &SoftmaxRow<Vector128<float>, Simd128>.Run,
            _ => &SoftmaxRow<float, SimdScalar>.Run,
        };
        rowsAPiece = WorkPartition.Grain(layer.Rows, (long)layer.Rows * layer.Count * 4, threads);
        Pieces = (layer.Rows + rowsAPiece - 1) / rowsAPiece;
    }

    public override IEnumerable<PlanBuffer> Buffers => [layer.Input, layer.Output];

    public override void Bind() { }

    public override void Run(int piece, float* scratch, CancellationToken cancellation)
    {
        int end = Math.Min(layer.Rows, (piece + 1) * rowsAPiece);
        for (int i = piece * rowsAPiece; i < end; i++)
            method(
                layer.Input.Address + (nint)i * layer.Count,
                layer.Output.Address + (nint)i * layer.Count,
                layer.Count,
                step,
                log
            );
    }
}

/// <summary>
/// Softmax of numbers that lie together, or of many side by side. The greatest is taken off first, so that no
/// exponential overflows.
/// </summary>
internal static unsafe class SoftmaxRow<V, S>
    where V : unmanaged
    where S : struct, ISimd<V>
{
    /// <summary>
    /// Computes <paramref name="count"/> numbers, of which those <paramref name="step"/> apart belong together.
    /// </summary>
    public static void Run(float* x, float* y, int count, int step, bool log)
    {
        if (step == 1)
            Row(x, y, count, log);
        else
            Columns(x, y, count, step, log);
    }

    private static void Row(float* x, float* y, int count, bool log)
    {
        float max = Max(x, count);
        V shift = S.Broadcast(max),
            sums = S.Zero;
        int i = 0;
        for (; i <= count - S.Count; i += S.Count)
        {
            V d = S.Subtract(S.Load(x + i), shift),
                e = S.Exp(d);
            S.Store(log ? d : e, y + i);
            sums = S.Add(sums, e);
        }
        float sum = S.Sum(sums);
        for (; i < count; i++)
        {
            float d = x[i] - max,
                e = MathF.Exp(d);
            y[i] = log ? d : e;
            sum += e;
        }
        Finish(y, count, log ? -MathF.Log(sum) : 1 / sum, log);
    }

    private static float Max(float* x, int count)
    {
        float max = float.NegativeInfinity;
        int i = 0;
        if (count >= S.Count)
        {
            V greatest = S.Broadcast(max);
            float* lanes = stackalloc float[S.Count];
            for (; i <= count - S.Count; i += S.Count)
                greatest = S.Max(greatest, S.Load(x + i));
            S.Store(greatest, lanes);
            for (int k = 0; k < S.Count; k++)
                max = SimdScalar.Max(max, lanes[k]);
        }
        for (; i < count; i++)
            max = SimdScalar.Max(max, x[i]);
        return max;
    }

    private static void Finish(float* y, int count, float norm, bool log)
    {
        V n = S.Broadcast(norm);
        int i = 0;
        for (; i <= count - S.Count; i += S.Count)
            S.Store(log ? S.Add(S.Load(y + i), n) : S.Multiply(S.Load(y + i), n), y + i);
        for (; i < count; i++)
            y[i] = log ? y[i] + norm : y[i] * norm;
    }

    private static void Columns(float* x, float* y, int count, int step, bool log)
    {
        int i = 0;
        for (; i <= step - S.Count; i += S.Count)
            Column<V, S>(x + i, y + i, count, step, log);
        for (; i < step; i++)
            Column<float, SimdScalar>(x + i, y + i, count, step, log);
    }

    private static void Column<W, T>(float* x, float* y, int count, int step, bool log)
        where W : unmanaged
        where T : struct, ISimd<W>
    {
        W max = T.Load(x),
            sum = T.Zero;
        for (nint i = step; i < count; i += step)
            max = T.Max(max, T.Load(x + i));
        for (nint i = 0; i < count; i += step)
        {
            W d = T.Subtract(T.Load(x + i), max),
                e = T.Exp(d);
            T.Store(log ? d : e, y + i);
            sum = T.Add(sum, e);
        }
        W norm = log ? T.Log(sum) : T.Divide(T.Broadcast(1), sum);
        for (nint i = 0; i < count; i += step)
            T.Store(log ? T.Subtract(T.Load(y + i), norm) : T.Multiply(T.Load(y + i), norm), y + i);
    }
}
