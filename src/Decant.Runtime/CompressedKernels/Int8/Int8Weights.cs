namespace Decant.Runtime.CompressedKernels.Int8;

/// <summary>
/// Weights of 8 bits with sign for a product x·Wᵀ in whole numbers: panels of <see cref="Columns"/> outputs, in
/// which four neighbouring depths of an output lie together. Each run of depths is filled up with zeros to whole fours.
/// </summary>
internal sealed unsafe class Int8Weights
{
    /// <summary>Outputs of a panel.</summary>
    public const int Columns = 16;

    /// <summary>The greatest depth of which no sum leaves 32 bits.</summary>
    public const int MaxDepth = int.MaxValue / (255 * 128);

    private readonly Aligned<sbyte> data;
    private readonly int[] sums;

    /// <summary>
    /// Packs weights that lie row by row, one output a row, each of <paramref name="runs"/> ·
    /// <paramref name="runLength"/> numbers.
    /// </summary>
    public Int8Weights(ReadOnlySpan<sbyte> weights, int outputs, int runs, int runLength)
    {
        int depth = checked(runs * runLength);
        if (weights.Length != (long)outputs * depth)
            throw new ArgumentException($"{weights.Length} weights are not {outputs} outputs of {depth}");
        if (depth > MaxDepth)
            throw new ModelException(
                $"an integer product of depth {depth:N0} leaves 32 bits; at most {MaxDepth:N0} are possible"
            );
        (Outputs, Runs, RunLength, RunBytes, Panels) = (
            outputs,
            runs,
            runLength,
            (runLength + 3) / 4 * 4,
            (outputs + Columns - 1) / Columns
        );
        data = new Aligned<sbyte>(checked(Panels * Columns * Runs * RunBytes));
        sums = new int[Panels * Columns];
        for (int output = 0; output < outputs; output++)
        for (int k = 0; k < depth; k++)
        {
            sbyte w = weights[output * depth + k];
            int at = k / runLength * RunBytes + k % runLength;
            data.Pointer[
                (nint)(output / Columns) * PanelBytes + (nint)at / 4 * 4 * Columns + output % Columns * 4 + at % 4
            ] = w;
            sums[output] += w;
        }
    }

    public int Outputs { get; }

    /// <summary>Runs of a row.</summary>
    public int Runs { get; }

    /// <summary>Numbers of a run.</summary>
    public int RunLength { get; }

    /// <summary>A run's length in whole fours.</summary>
    public int RunBytes { get; }

    public int Panels { get; }

    /// <summary>The sum of each output's weights: what a step of the input's zero point adds.</summary>
    public ReadOnlySpan<int> Sums => sums.AsSpan(0, Outputs);

    /// <summary>Where a panel begins.</summary>
    public sbyte* Panel(int panel) => data.Pointer + (nint)panel * PanelBytes;

    private nint PanelBytes => (nint)Runs * RunBytes * Columns;
}

/// <summary>The part of a product that one call computes: rows and panels of outputs, the ends not included.</summary>
internal readonly record struct Int8Part(int FromRow, int ToRow, int FromPanel, int ToPanel)
{
    /// <summary>All of it.</summary>
    public static Int8Part Whole(Int8Rows rows, Int8Weights weights) => new(0, rows.Rows, 0, weights.Panels);
}

/// <summary>
/// Where the rows of a left factor lie in bytes. Row m begins at m / LineRows · LineStride + m % LineRows ·
/// RowStride.
/// A row is
/// <see cref="Int8Weights.Runs"/> runs of neighbouring bytes, RunStride apart: a matrix has one; a convolution over an
/// image that lies by pixels, channels together, has one for each line of its window, and its input carries its
/// padding.
/// </summary>
/// <param name="Rows">How many rows.</param>
/// <param name="RowStride">From a row to the next in a line: a pixel's channels times the stride.</param>
/// <param name="RunStride">From a run to the next: a line of the input, padding included, times the dilation.</param>
/// <param name="LineRows">Rows of a line: the output's width.</param>
/// <param name="LineStride">From a line to the next: a line of the input times the stride.</param>
/// <param name="Signed">Whether bytes are -128 to 127 and not 0 to 255.</param>
internal readonly record struct Int8Rows(
    int Rows,
    int RowStride,
    int RunStride,
    int LineRows,
    int LineStride,
    bool Signed
)
{
    /// <summary>A row-major matrix.</summary>
    public static Int8Rows Matrix(int rows, int columns, bool signed) => new(rows, columns, 0, int.MaxValue, 0, signed);

    /// <summary>Where a row begins.</summary>
    public nint At(int row)
    {
        if (row < LineRows)
            return (nint)row * RowStride;
        var (line, place) = Math.DivRem(row, LineRows);
        return (nint)line * LineStride + (nint)place * RowStride;
    }

    /// <summary>Where the furthest row begins; -1 without rows.</summary>
    public nint Furthest =>
        Rows == 0 ? -1 : Math.Max(At(Rows - 1), Rows > LineRows ? At((Rows - 1) / LineRows * LineRows - 1) : 0);

    /// <summary>Bytes that an input must have: runs are read in whole fours.</summary>
    public long Length(Int8Weights weights) =>
        Rows == 0 ? 0 : Furthest + (weights.Runs - 1L) * RunStride + weights.RunBytes;

    /// <summary>Refuses what does not count forwards.</summary>
    public void Check()
    {
        if (Rows < 0 || RowStride < 0 || RunStride < 0 || LineRows < 1 || LineStride < 0)
            throw new ArgumentException($"rows of {this}");
    }
}
