using System.Runtime.Intrinsics;
using Decant.Runtime.Memory;
using Decant.Runtime.Windows;

namespace Decant.Runtime.Stages;

/// <summary>Maximum or mean over windows of channels that lie plane by plane.</summary>
internal sealed unsafe class PlanePooling : Stage
{
    private readonly PlanBuffer input,
        output;
    private readonly int planes,
        height,
        width;
    private readonly ImageWindow window;
    private readonly bool mean,
        countPadding;
    private readonly PoolWindow[] down,
        across;

    /// <summary>Pools planes of a height and width.</summary>
    public PlanePooling(
        PlanBuffer input,
        PlanBuffer output,
        Shape x,
        Shape y,
        ImageWindow window,
        bool mean,
        bool countPadding
    )
    {
        (this.input, this.output, this.window, this.mean, this.countPadding) = (
            input,
            output,
            window,
            mean,
            countPadding
        );
        (planes, height, width) = (x[0] * x[1], x[2], x[3]);
        down = PoolWindow.Along(
            y[2],
            height,
            window.Height,
            window.StrideY,
            window.DilationY,
            window.Padding.Top,
            window.Padding.Bottom
        );
        across = PoolWindow.Along(
            y[3],
            width,
            window.Width,
            window.StrideX,
            window.DilationX,
            window.Padding.Left,
            window.Padding.Right
        );
    }

    public override IEnumerable<PlanBuffer> Buffers => [input, output];

    public override void Bind() { }

    public override void Run(int piece, float* scratch, CancellationToken cancellation)
    {
        float* from = input.Address,
            to = output.Address;
        bool halves =
            !mean
            && window is { Height: 2, Width: 2, StrideX: 2, DilationX: 1, DilationY: 1, Padding.IsNone: true }
            && width >= 2 * across.Length;
        for (int p = 0; p < planes; p++, from += height * width)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int y = 0; y < down.Length; y++, to += across.Length)
                if (halves && down[y].Count == 2)
                    Halve(from + down[y].First * width, to);
                else
                    Row(from, to, down[y]);
        }
    }

    /// <summary>The most common window: two by two. Neighbours come together by shuffles.</summary>
    private void Halve(float* from, float* to)
    {
        float* below = from + width;
        int x = 0;
        for (; x <= across.Length - 4; x += 4, from += 8, below += 8)
        {
            Vector256<float> columns = Vector256.MaxNative(Vector256.Load(from), Vector256.Load(below));
            Vector256<float> even = Vector256.Shuffle(columns, Vector256.Create(0, 2, 4, 6, 0, 2, 4, 6)),
                odd = Vector256.Shuffle(columns, Vector256.Create(1, 3, 5, 7, 1, 3, 5, 7));
            Vector256.MaxNative(even, odd).GetLower().Store(to + x);
        }
        for (; x < across.Length; x++, from += 2, below += 2)
            to[x] = Math.Max(Math.Max(*from, from[1]), Math.Max(*below, below[1]));
    }

    private void Row(float* plane, float* to, PoolWindow rows)
    {
        for (int x = 0; x < across.Length; x++)
        {
            float result = mean ? 0 : float.NegativeInfinity;
            for (int r = 0; r < rows.Count; r++)
            {
                float* at = plane + (rows.First + r * window.DilationY) * width + across[x].First;
                for (int c = 0; c < across[x].Count; c++, at += window.DilationX)
                    result = mean ? result + *at : Math.Max(result, *at);
            }
            to[x] = mean
                ? result / (countPadding ? rows.Padded * across[x].Padded : Math.Max(1, rows.Count * across[x].Count))
                : result;
        }
    }
}
