namespace Decant.Runtime.Products;

/// <summary>The left factor of a product, cut into panels of <see cref="Tile.Rows"/> rows that lie column by column; short panels end in zeros.</summary>
internal sealed class PackedLeft
{
    public PackedLeft(MatrixView a)
    {
        (Rows, Depth, Panels) = (a.Rows, a.Columns, (a.Rows + Tile.Rows - 1) / Tile.Rows);
        Data = new float[checked(Panels * Tile.Rows * Depth)];
        Fill(a);
    }

    /// <summary>Takes the numbers of another factor of the same size.</summary>
    public void Fill(MatrixView a)
    {
        for (int row = 0; row < Rows; row++)
        {
            int to = row / Tile.Rows * Tile.Rows * Depth + row % Tile.Rows;
            for (int k = 0; k < Depth; k++, to += Tile.Rows) Data[to] = a.Data[a.At(row, k)];
        }
    }

    public int Rows { get; }

    public int Depth { get; }

    public int Panels { get; }

    public float[] Data { get; }
}
