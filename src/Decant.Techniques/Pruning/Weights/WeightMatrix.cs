using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Techniques.Pruning;

/// <summary>
/// A weight as the matrix [out, in·kh·kw] that its layer multiplies by: a row for each neuron or filter. A weight of no known layer has
/// a row for each index of its first axis.
/// </summary>
internal sealed class WeightMatrix
{
    private readonly bool transposed;

    private WeightMatrix(Weight weight, Node? layer, bool transposed)
    {
        (Weight, Layer, this.transposed) = (weight, layer, transposed);
        Core.Shape shape = weight.Encoding.Shape;
        int first = shape.Rank == 0 ? 1 : shape[0], rest = first == 0 ? 0 : weight.Encoding.Count / first;
        (Rows, Columns) = transposed ? (rest, first) : (first, rest);
    }

    public Weight Weight { get; }

    /// <summary>The layer that multiplies by the weight; null if there is none.</summary>
    public Node? Layer { get; }

    public int Rows { get; }

    public int Columns { get; }

    public static WeightMatrix Of(Network network, Weight weight)
    {
        Node? layer = network.Nodes.FirstOrDefault(n => n.Operator is Conv or Gemm or MatMul && n.Inputs[1] == weight.Name);
        bool transposed = weight.Encoding.Shape.Rank == 2 && layer?.Operator is MatMul or Gemm { TransB: false };
        return new WeightMatrix(weight, layer, transposed);
    }

    /// <summary>The row-major position of an entry in the weight.</summary>
    public int Position(int row, int column) => transposed ? column * Rows + row : row * Columns + column;

    /// <summary>A block, cut off at the matrix's edge.</summary>
    public WeightRegion Block(int row, int column, int rows, int columns)
    {
        (rows, columns) = (Math.Min(rows, Rows - row), Math.Min(columns, Columns - column));
        return transposed
            ? new WeightRegion(Weight.Name, Position(row, column), columns, Rows, rows)
            : new WeightRegion(Weight.Name, Position(row, column), rows, Columns, columns);
    }
}
