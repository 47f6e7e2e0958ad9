using System.Collections.Immutable;

namespace Decant.Runtime.Windows;

/// <summary>
/// A window laid over an input of known extents. A plane is one channel's spatial extents; a row is a line along the
/// last axis. The window's taps are those of its outer axes times those along a row.
/// </summary>
internal sealed class WindowGeometry
{
    // Far above any window in use; far below what would exhaust memory or patience.
    private const long MaxTaps = 1 << 22,
        MaxRows = 1 << 26;
    private readonly Window window;
    private readonly int[] kernel,
        input,
        output,
        before,
        after;

    public WindowGeometry(Window window, Shape x, ReadOnlySpan<int> kernel)
        : this(window, kernel, x.Dims.AsSpan()[2..], Fit(window, x, kernel)) { }

    /// <summary>A window over extents and with padding that are given, not worked out.</summary>
    public WindowGeometry(
        Window window,
        ReadOnlySpan<int> kernel,
        ReadOnlySpan<int> input,
        (int Before, int After, int Output)[] fit
    )
    {
        (this.window, this.kernel, this.input) = (window, kernel.ToArray(), input.ToArray());
        (before, after, output) = (
            Array.ConvertAll(fit, f => f.Before),
            Array.ConvertAll(fit, f => f.After),
            Array.ConvertAll(fit, f => f.Output)
        );
        CheckSize();
        (InputPlane, OutputPlane) = ((int)new Shape(input).Count, (int)new Shape(output).Count);
        (OuterTaps, OutputRows) = ((int)new Shape(kernel[..^1]).Count, (int)new Shape(output.AsSpan()[..^1]).Count);
        InputRows = InputPlane == 0 ? [] : Rows();
    }

    /// <summary>Numbers in a plane of the input.</summary>
    public int InputPlane { get; }

    /// <summary>Numbers in a plane of the output.</summary>
    public int OutputPlane { get; }

    /// <summary>Rows in a plane of the output.</summary>
    public int OutputRows { get; }

    /// <summary>The window's taps over all axes but the last.</summary>
    public int OuterTaps { get; }

    /// <summary>The window's taps along a row.</summary>
    public int RowTaps => kernel[^1];

    /// <summary>All taps.</summary>
    public int Taps => OuterTaps * RowTaps;

    /// <summary>The input's extent along a row.</summary>
    public int InputWidth => input[^1];

    /// <summary>The output's extent along a row.</summary>
    public int OutputWidth => output[^1];

    /// <summary>The step along a row.</summary>
    public int RowStride => window.Stride(kernel.Length - 1);

    /// <summary>The input's spatial extents.</summary>
    public ReadOnlySpan<int> Input => input;

    /// <summary>
    /// For outer tap t and output row r, at t·OutputRows + r: where the input row begins that it reads, or -1 in the
    /// padding.
    /// </summary>
    public ImmutableArray<int> InputRows { get; }

    /// <summary>Whether every output reads just the input at its own place: 1×1, no stride, no padding.</summary>
    public bool IsPointwise =>
        Taps == 1
        && input.AsSpan().SequenceEqual(output)
        && Array.TrueForAll(before, p => p == 0)
        && Enumerable.Range(0, kernel.Length).All(i => window.Stride(i) == 1);

    /// <summary>
    /// The coordinate along the input's row that a tap of an output column reads; outside it in the padding.
    /// </summary>
    public int Column(int output, int tap) =>
        output * RowStride + tap * window.Dilation(kernel.Length - 1) - before[^1];

    /// <summary>
    /// How many taps of the window at an output row, along the outer axes, and at a column fall on the input or its
    /// padding.
    /// </summary>
    public long PaddedTaps(int row, int column)
    {
        long n = Inside(kernel.Length - 1, column);
        for (int axis = kernel.Length - 2; axis >= 0; axis--)
        {
            (row, int at) = Math.DivRem(row, output[axis]);
            n *= Inside(axis, at);
        }
        return n;
    }

    private static (int, int, int)[] Fit(Window window, Shape x, ReadOnlySpan<int> kernel)
    {
        var fit = new (int, int, int)[x.Rank - 2];
        for (int i = 0; i < fit.Length; i++)
            fit[i] = window.Along(i, fit.Length, kernel[i], x[i + 2]);
        return fit;
    }

    /// <summary>With ceil_mode the last window may reach beyond the padding; what is there does not count.</summary>
    private int Inside(int axis, int at)
    {
        int n = 0,
            start = at * window.Stride(axis) - before[axis];
        for (int tap = 0; tap < kernel[axis]; tap++)
            if (start + tap * window.Dilation(axis) < input[axis] + after[axis])
                n++;
        return n;
    }

    /// <summary>
    /// A window may be much larger than the input it lies on, if padding is too; its size costs memory and time all the
    /// same.
    /// </summary>
    private void CheckSize()
    {
        long taps = new Shape(kernel).Count,
            outer = Math.Max(1, new Shape(kernel.AsSpan()[..^1]).Count),
            rows = new Shape(output.AsSpan()[..^1]).Count;
        if (taps > MaxTaps)
            throw new ModelException(
                $"a window of {new Shape(kernel)} has {taps:N0} taps; at most {MaxTaps:N0} are possible"
            );
        if (rows > MaxRows / outer)
            throw new ModelException(
                $"a window of {new Shape(kernel)} over {rows:N0} rows; at most {MaxRows / outer:N0} are possible"
            );
    }

    private ImmutableArray<int> Rows()
    {
        var rows = ImmutableArray.CreateBuilder<int>(checked(OuterTaps * OutputRows));
        for (int tap = 0; tap < OuterTaps; tap++)
        for (int row = 0; row < OutputRows; row++)
            rows.Add(Row(tap, row));
        return rows.MoveToImmutable();
    }

    private int Row(int tap, int row)
    {
        int start = 0,
            step = InputWidth;
        for (int axis = kernel.Length - 2; axis >= 0; step *= input[axis--])
        {
            (tap, int t) = Math.DivRem(tap, kernel[axis]);
            (row, int o) = Math.DivRem(row, output[axis]);
            int at = o * window.Stride(axis) + t * window.Dilation(axis) - before[axis];
            if (at < 0 || at >= input[axis])
                return -1;
            start += at * step;
        }
        return start;
    }
}
