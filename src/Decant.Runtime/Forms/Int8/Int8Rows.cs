namespace Decant.Runtime.Forms.Int8;

/// <summary>
/// Where the rows of a left factor lie in bytes. Row m begins at m / LineRows · LineStride + m % LineRows · RowStride. A row is
/// <see cref="Int8Weights.Runs"/> runs of neighbouring bytes, RunStride apart: a matrix has one; a convolution over an image that lies
/// by pixels, channels together, has one for each line of its window, and its input carries its padding.
/// </summary>
/// <param name="Rows">How many rows.</param>
/// <param name="RowStride">From a row to the next in a line: a pixel's channels times the stride.</param>
/// <param name="RunStride">From a run to the next: a line of the input, padding included, times the dilation.</param>
/// <param name="LineRows">Rows of a line: the output's width.</param>
/// <param name="LineStride">From a line to the next: a line of the input times the stride.</param>
/// <param name="Signed">Whether bytes are -128 to 127 and not 0 to 255.</param>
internal readonly record struct Int8Rows(int Rows, int RowStride, int RunStride, int LineRows, int LineStride, bool Signed)
{
    /// <summary>A row-major matrix.</summary>
    public static Int8Rows Matrix(int rows, int columns, bool signed) => new(rows, columns, 0, int.MaxValue, 0, signed);

    /// <summary>Where a row begins.</summary>
    public nint At(int row)
    {
        if (row < LineRows) return (nint)row * RowStride;
        var (line, place) = Math.DivRem(row, LineRows);
        return (nint)line * LineStride + (nint)place * RowStride;
    }

    /// <summary>Where the furthest row begins; -1 without rows.</summary>
    public nint Furthest => Rows == 0 ? -1 : Math.Max(At(Rows - 1), Rows > LineRows ? At((Rows - 1) / LineRows * LineRows - 1) : 0);

    /// <summary>Bytes that an input must have: runs are read in whole fours.</summary>
    public long Length(Int8Weights weights) => Rows == 0 ? 0 : Furthest + (weights.Runs - 1L) * RunStride + weights.RunBytes;

    /// <summary>Refuses what does not count forwards.</summary>
    public void Check()
    {
        if (Rows < 0 || RowStride < 0 || RunStride < 0 || LineRows < 1 || LineStride < 0) throw new ArgumentException($"rows of {this}");
    }
}
