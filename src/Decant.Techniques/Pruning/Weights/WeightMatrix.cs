using System.Collections.Immutable;
using Decant.Core;
using Decant.Core.Operators;

namespace Decant.Techniques.Pruning;

/// <summary>
/// A weight as the matrix [out, in·kh·kw] that its layer multiplies by: a row for each neuron or filter. A weight of no
/// known layer has a row for each index of its first axis.
/// </summary>
internal sealed class WeightMatrix
{
    private readonly bool transposed;

    private WeightMatrix(Weight weight, Node? layer, bool transposed)
    {
        (Weight, Layer, this.transposed) = (weight, layer, transposed);
        Core.Shape shape = weight.Encoding.Shape;
        int first = shape.Rank == 0 ? 1 : shape[0],
            rest = first == 0 ? 0 : weight.Encoding.Count / first;
        (Rows, Columns) = transposed ? (rest, first) : (first, rest);
    }

    public Weight Weight { get; }

    /// <summary>The layer that multiplies by the weight; null if there is none.</summary>
    public Node? Layer { get; }

    public int Rows { get; }

    public int Columns { get; }

    public static WeightMatrix Of(Network network, Weight weight)
    {
        Node? layer = network
            .Graph.Consumers(weight.Name)
            .FirstOrDefault(n => n.Operator is Conv or Gemm or MatMul && n.Inputs[1] == weight.Name);
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

/// <summary>Where the neurons of a layer lie in computed values.</summary>
internal static class LayerValues
{
    /// <summary>
    /// The layer's output, and what nodes make of it that keep its neurons apart: normalization, bias, activation.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="layer">A layer; null for none.</param>
    /// <returns>Each value with the axis along which its neurons lie.</returns>
    public static ImmutableArray<(string Value, int Axis)> Of(Network network, Node? layer)
    {
        var shapes = NetworkShapes.Of(network);
        if (layer?.Operator is not LinearOperator linear || shapes[layer.Outputs[0]]?.Shape?.Rank is not { } rank)
            return [];
        int axis = linear.OutputChannelAxis(rank);
        var found = ImmutableArray.CreateBuilder<(string, int)>();
        for (Node? node = layer; node is not null; node = Next(network, shapes, node))
            found.Add((node.Outputs[0], axis));
        return found.ToImmutable();
    }

    private static Node? Next(Network network, NetworkShapes shapes, Node node)
    {
        string value = node.Outputs[0];
        return network.Graph.Consumers(value) is [var reader] && KeepsApart(network, shapes, reader, value)
            ? reader
            : null;
    }

    private static bool KeepsApart(Network network, NetworkShapes shapes, Node node, string value) =>
        node.Operator.Is(OperatorTraits.Elementwise)
        && (node.Inputs[0] == value || node.Operator is ArithmeticOperator)
        && node.Inputs.All(i => i == value || i.Length == 0 || network.Weights.TryGet(i, out _))
        && shapes[node.Outputs[0]]?.Type == ElementType.Float32;
}

/// <summary>
/// n of every m neighbours along a row of a weight's matrix: the pattern that sparse tensor cores take as 2:4 (Mishra
/// et al. 2021).
/// </summary>
internal static class Neighbours
{
    /// <summary>
    /// The positions that stay, rising: of every m the n with the largest scores, of equal ones the first; the last
    /// group of a row may be shorter.
    /// </summary>
    public static int[] Select(WeightMatrix matrix, float[] scores, int n, int m)
    {
        var stays = new bool[scores.Length];
        for (int row = 0; row < matrix.Rows; row++)
        for (int column = 0; column < matrix.Columns; column += m)
            Keep(matrix, scores, stays, row, column, Math.Min(column + m, matrix.Columns), n);
        return [.. Enumerable.Range(0, stays.Length).Where(i => stays[i])];
    }

    private static void Keep(WeightMatrix matrix, float[] scores, bool[] stays, int row, int from, int to, int n)
    {
        for (int kept = 0; kept < n; kept++)
        {
            int best = -1;
            for (int c = from; c < to; c++)
                if (
                    matrix.Position(row, c) is var p
                    && !stays[p]
                    && scores[p] != Selection.Gone
                    && (best < 0 || scores[p] > scores[best])
                )
                    best = p;
            if (best < 0)
                return;
            stays[best] = true;
        }
    }
}
