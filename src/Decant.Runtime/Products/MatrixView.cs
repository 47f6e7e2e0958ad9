namespace Decant.Runtime.Products;

/// <summary>A matrix inside an array, of any row and column stride: a transpose is a view with the strides exchanged.</summary>
internal readonly record struct MatrixView(float[] Data, int Offset, int Rows, int Columns, int RowStride, int ColumnStride)
{
    /// <summary>A row-major matrix.</summary>
    public static MatrixView RowMajor(float[] data, int offset, int rows, int columns) => new(data, offset, rows, columns, columns, 1);

    /// <summary>The same numbers with rows and columns exchanged.</summary>
    public MatrixView Transposed => new(Data, Offset, Columns, Rows, ColumnStride, RowStride);

    /// <summary>Some neighbouring columns.</summary>
    public MatrixView Slice(int from, int count) => this with { Offset = Offset + from * ColumnStride, Columns = count };

    /// <summary>Where an element lies in <see cref="Data"/>.</summary>
    public int At(int row, int column) => Offset + row * RowStride + column * ColumnStride;
}
