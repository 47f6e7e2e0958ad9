using System.Runtime.Intrinsics;
using Decant.Runtime.Products;

namespace Decant.Runtime.Recurrent;

/// <summary>
/// The activations of recurrent cells, eight numbers at a time; the last few are padded, so that a number's place does
/// not matter.
/// </summary>
internal static class GateFunction
{
    /// <summary>
    /// Applies Sigmoid, Tanh or Relu in place, after clipping to ±<paramref name="clip"/> if that is above 0.
    /// </summary>
    public static void Apply(string name, Span<float> x, float clip = 0)
    {
        int i = 0;
        for (; i <= x.Length - 8; i += 8)
            One(name, Vector256.Create<float>(x[i..]), clip).CopyTo(x[i..]);
        if (i == x.Length)
            return;
        Span<float> rest = stackalloc float[8];
        rest.Clear();
        x[i..].CopyTo(rest);
        One(name, Vector256.Create<float>(rest), clip).CopyTo(rest);
        rest[..(x.Length - i)].CopyTo(x[i..]);
    }

    private static Vector256<float> One(string name, Vector256<float> x, float clip)
    {
        if (clip > 0)
            x = Vector256.Min(Vector256.Max(x, Vector256.Create(-clip)), Vector256.Create(clip));
        return name switch
        {
            "Sigmoid" => Vector256<float>.One / (Vector256<float>.One + Vector256.Exp(-x)),
            "Tanh" => Tanh(x),
            _ => Vector256.Max(x, Vector256<float>.Zero),
        };
    }

    /// <summary>1 − 2/(1 + e^2x); near 0, where that cancels, the series to x⁹.</summary>
    private static Vector256<float> Tanh(Vector256<float> x)
    {
        Vector256<float> far =
                Vector256<float>.One - Vector256.Create(2f) / (Vector256<float>.One + Vector256.Exp(x + x)),
            s = x * x;
        Vector256<float> near = Vector256.Create(62f / 2835);
        near = near * s - Vector256.Create(17f / 315);
        near = near * s + Vector256.Create(2f / 15);
        near = near * s - Vector256.Create(1f / 3);
        near = near * s * x + x;
        return Vector256.ConditionalSelect(Vector256.LessThan(Vector256.Abs(x), Vector256.Create(0.25f)), near, far);
    }
}

/// <summary>
/// The product of a state (batch × hidden) with some gates' recurrent weights, packed once for all steps.
/// </summary>
internal sealed class StateProduct
{
    // A tile is this many rows; fewer than half of them are faster one by one.
    private const int FewRows = Tile.Rows / 2;
    private readonly float[] packed;
    private readonly int batch,
        hidden,
        columns;
    private readonly PackedLeft? left;

    /// <summary>Packs the weights of neighbouring gates.</summary>
    /// <param name="r">The recurrent weights, (directions, gates · hidden, hidden).</param>
    /// <param name="firstRow">The first gate's first row in them, directions counted.</param>
    /// <param name="columns">How many rows: gates · hidden.</param>
    /// <param name="batch">The state's rows.</param>
    /// <param name="hidden">The state's columns.</param>
    /// <param name="cancellation">Stops the packing.</param>
    public StateProduct(float[] r, int firstRow, int columns, int batch, int hidden, CancellationToken cancellation)
    {
        (this.batch, this.hidden, this.columns) = (batch, hidden, columns);
        packed = new float[PackedRight.Length(hidden, columns)];
        PackedRight.Pack(MatrixView.RowMajor(r, firstRow * hidden, columns, hidden).Transposed, packed);
        left =
            batch > FewRows
                ? new PackedLeft(MatrixView.RowMajor(new float[batch * hidden], 0, batch, hidden), cancellation)
                : null;
    }

    /// <summary>
    /// Adds state · weightsᵀ to the rows of <paramref name="to"/> that begin at an offset, a stride apart.
    /// </summary>
    public void Accumulate(float[] state, float[] to, int offset, int stride, CancellationToken cancellation)
    {
        if (left is null)
        {
            for (int b = 0; b < batch; b++)
                VectorMatrixProduct.Accumulate(
                    state.AsSpan(b * hidden, hidden),
                    packed,
                    to.AsSpan(offset + b * stride, columns)
                );
            return;
        }
        left.Fill(MatrixView.RowMajor(state, 0, batch, hidden), cancellation);
        MatrixProduct.Accumulate(left, .., packed, columns, to, offset, stride, cancellation);
    }
}
