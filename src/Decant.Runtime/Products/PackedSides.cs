namespace Decant.Runtime.Products;

/// <summary>
/// The left factor of a product, cut into panels of <see cref="Tile.Rows"/> rows that lie column by column; short
/// panels end in zeros.
/// </summary>
internal sealed class PackedLeft
{
    /// <summary>Packs a factor.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public PackedLeft(MatrixView a, CancellationToken cancellation)
    {
        (Rows, Depth, Panels) = (a.Rows, a.Columns, (a.Rows + Tile.Rows - 1) / Tile.Rows);
        Data = new float[checked(Panels * Tile.Rows * Depth)];
        Fill(a, cancellation);
    }

    /// <summary>Takes the numbers of another factor of the same size.</summary>
    public void Fill(MatrixView a, CancellationToken cancellation)
    {
        for (int row = 0; row < Rows; row++)
        {
            cancellation.ThrowIfCancellationRequested();
            int to = row / Tile.Rows * Tile.Rows * Depth + row % Tile.Rows;
            for (int k = 0; k < Depth; k++, to += Tile.Rows)
                Data[to] = a.Data[a.At(row, k)];
        }
    }

    public int Rows { get; }

    public int Depth { get; }

    public int Panels { get; }

    public float[] Data { get; }
}

/// <summary>
/// The right factor of a product, cut into panels of <see cref="Tile.Columns"/> columns that lie row by row; short
/// panels end in zeros.
/// </summary>
internal static class PackedRight
{
    /// <summary>How many floats a packed factor takes.</summary>
    public static int Length(int depth, int columns) =>
        checked((columns + Tile.Columns - 1) / Tile.Columns * Tile.Columns * depth);

    /// <summary>Packs a factor into an array of at least <see cref="Length"/>.</summary>
    public static void Pack(MatrixView b, float[] packed)
    {
        for (int column = 0; column < b.Columns; column += Tile.Columns)
        {
            int width = Math.Min(Tile.Columns, b.Columns - column);
            Span<float> panel = packed.AsSpan(column * b.Rows, Tile.Columns * b.Rows);
            if (width < Tile.Columns)
                panel.Clear();
            for (int k = 0; k < b.Rows; k++)
                Row(b, k, column, panel.Slice(k * Tile.Columns, width));
        }
    }

    private static void Row(MatrixView b, int k, int column, Span<float> to)
    {
        int at = b.At(k, column);
        if (b.ColumnStride == 1)
            b.Data.AsSpan(at, to.Length).CopyTo(to);
        else
            for (int i = 0; i < to.Length; i++)
                to[i] = b.Data[at + i * b.ColumnStride];
    }
}
