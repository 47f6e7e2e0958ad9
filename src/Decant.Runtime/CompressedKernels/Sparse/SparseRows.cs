namespace Decant.Runtime.CompressedKernels.Sparse;

/// <summary>
/// A matrix by what is not zero in it, row by row (CSR): row r's columns, rising, and values lie from Starts[r] to
/// Starts[r + 1].
/// </summary>
internal sealed class SparseRows
{
    private SparseRows(int rows, int columns, int[] starts, int[] places, float[] values) =>
        (Rows, Columns, Starts, Places, Values) = (rows, columns, starts, places, values);

    public int Rows { get; }

    public int Columns { get; }

    public int[] Starts { get; }

    /// <summary>The column of each number.</summary>
    public int[] Places { get; }

    public float[] Values { get; }

    /// <summary>
    /// The non-zero elements of a float weight, whose first axis is the rows and the others, flat, the columns.
    /// </summary>
    public static SparseRows Of(Encoding weight)
    {
        int rows = weight.Shape[0],
            columns = (int)weight.Shape.CountFrom(1);
        return weight switch
        {
            SparseEncoding sparse => Of(sparse, rows, columns),
            CodebookEncoding codebook => Of(codebook, rows, columns),
            _ => Of(weight.Decode().Span<float>(), rows, columns),
        };
    }

    /// <summary>The non-zero elements of a row-major matrix.</summary>
    public static SparseRows Of(ReadOnlySpan<float> matrix, int rows, int columns)
    {
        if (matrix.Length != (long)rows * columns)
            throw new ArgumentException($"{matrix.Length} elements are not a matrix of {rows}x{columns}");
        int count = 0;
        foreach (float value in matrix)
            count += value == 0 ? 0 : 1;
        var (starts, places, values) = (new int[rows + 1], new int[count], new float[count]);
        for (int row = 0, at = 0; row < rows; starts[++row] = at)
        {
            ReadOnlySpan<float> numbers = matrix.Slice(row * columns, columns);
            // Each number is written, and the next over it where it was zero: there is nothing to guess.
            for (int column = 0; column < numbers.Length && at < count; column++)
            {
                float value = numbers[column];
                (places[at], values[at]) = (column, value);
                at += value == 0 ? 0 : 1;
            }
        }
        return new SparseRows(rows, columns, starts, places, values);
    }

    /// <summary>The same matrix with rows and columns exchanged.</summary>
    public SparseRows Transposed()
    {
        var (starts, places, values) = (new int[Columns + 1], new int[Places.Length], new float[Places.Length]);
        foreach (int column in Places)
            starts[column + 1]++;
        for (int column = 0; column < Columns; column++)
            starts[column + 1] += starts[column];
        int[] next = starts[..^1];
        for (int row = 0; row < Rows; row++)
        for (int i = Starts[row]; i < Starts[row + 1]; i++)
        {
            int at = next[Places[i]]++;
            (places[at], values[at]) = (row, Values[i]);
        }
        return new SparseRows(Columns, Rows, starts, places, values);
    }

    private static SparseRows Of(SparseEncoding weight, int rows, int columns)
    {
        ReadOnlySpan<int> positions = weight.Positions;
        ReadOnlySpan<float> all = weight.Values;
        int count = all.Length - all.Count(0f),
            at = 0;
        var (starts, places, values) = (new int[rows + 1], new int[count], new float[count]);
        for (int i = 0; i < all.Length; i++)
        {
            if (all[i] == 0)
                continue;
            var (row, column) = Math.DivRem(positions[i], columns);
            starts[row + 1]++;
            (places[at], values[at++]) = (column, all[i]);
        }
        for (int row = 0; row < rows; row++)
            starts[row + 1] += starts[row];
        return new SparseRows(rows, columns, starts, places, values);
    }

    private static SparseRows Of(CodebookEncoding weight, int rows, int columns)
    {
        ReadOnlySpan<byte> indices = weight.Indices;
        Span<float> codebook = stackalloc float[CodebookEncoding.MaxEntries];
        weight.Codebook.CopyTo(codebook);
        int count = checked((int)weight.NonZeros);
        var (starts, places, values) = (new int[rows + 1], new int[count], new float[count]);
        for (int row = 0, at = 0; row < rows; starts[++row] = at)
        {
            ReadOnlySpan<byte> numbers = indices.Slice(row * columns, columns);
            for (int column = 0; column < numbers.Length && at < count; column++)
            {
                float value = codebook[numbers[column]];
                (places[at], values[at]) = (column, value);
                at += value == 0 ? 0 : 1;
            }
        }
        return new SparseRows(rows, columns, starts, places, values);
    }
}
