using Decant.Runtime.Products;

namespace Decant.Runtime.Recurrent;

/// <summary>The product of a state (batch × hidden) with some gates' recurrent weights, packed once for all steps.</summary>
internal sealed class StateProduct
{
    // A tile is this many rows; fewer than half of them are faster one by one.
    private const int FewRows = Tile.Rows / 2;
    private readonly float[] packed;
    private readonly int batch, hidden, columns;
    private readonly PackedLeft? left;

    /// <summary>Packs the weights of neighbouring gates.</summary>
    /// <param name="r">The recurrent weights, (directions, gates · hidden, hidden).</param>
    /// <param name="firstRow">The first gate's first row in them, directions counted.</param>
    /// <param name="columns">How many rows: gates · hidden.</param>
    /// <param name="batch">The state's rows.</param>
    /// <param name="hidden">The state's columns.</param>
    public StateProduct(float[] r, int firstRow, int columns, int batch, int hidden)
    {
        (this.batch, this.hidden, this.columns) = (batch, hidden, columns);
        packed = new float[PackedRight.Length(hidden, columns)];
        PackedRight.Pack(MatrixView.RowMajor(r, firstRow * hidden, columns, hidden).Transposed, packed);
        left = batch > FewRows ? new PackedLeft(MatrixView.RowMajor(new float[batch * hidden], 0, batch, hidden)) : null;
    }

    /// <summary>Adds state · weightsᵀ to the rows of <paramref name="to"/> that begin at an offset, a stride apart.</summary>
    public void Accumulate(float[] state, float[] to, int offset, int stride)
    {
        if (left is null)
        {
            for (int b = 0; b < batch; b++) RowProduct.Accumulate(state.AsSpan(b * hidden, hidden), packed, to.AsSpan(offset + b * stride, columns));
            return;
        }
        left.Fill(MatrixView.RowMajor(state, 0, batch, hidden));
        MatrixProduct.Accumulate(left, .., packed, columns, to, offset, stride);
    }
}
