using System.Collections.Immutable;
using Decant.Core;
using Decant.Core.Operators;
using Decant.Techniques.Groups;

namespace Decant.Techniques.Pruning;

/// <summary>
/// A weight as the matrix [out, in·kh·kw] that its layer multiplies by: a row for each neuron, filter, or unit of a
/// gate. A weight of no known layer has a row for each index of its first axis.
/// </summary>
internal sealed class WeightMatrix
{
    private readonly int groups,
        outputs,
        inputs;
    private readonly bool transposed;

    private WeightMatrix(Weight weight, Node? layer, WeightAxes? axes)
    {
        (Weight, Layer) = (weight, layer);
        Core.Shape shape = weight.Encoding.Shape;
        if (axes is null)
        {
            groups = 1;
            outputs = shape.Rank == 0 ? 1 : shape[0];
            inputs = outputs == 0 ? 0 : weight.Encoding.Count / outputs;
            Taps = shape.Rank > 2 ? (int)shape.CountFrom(2) : 1;
            inputs /= Math.Max(1, Taps);
        }
        else
        {
            transposed = axes.Output == 2;
            (groups, outputs, inputs, Taps) = (
                (int)axes.Sizes[0],
                (int)axes.Sizes[axes.Output],
                (int)axes.Sizes[axes.Input],
                (int)axes.Sizes[3]
            );
        }
    }

    public Weight Weight { get; }

    /// <summary>
    /// The layer that multiplies by the weight and has an output for each row; null if there is none.
    /// </summary>
    public Node? Layer { get; }

    public int Rows => groups * outputs;

    public int Columns => inputs * Taps;

    /// <summary>The places of a filter on one input channel: neighbouring columns.</summary>
    public int Taps { get; }

    public static WeightMatrix Of(Network network, Weight weight) =>
        WeightAxes.First(network, weight) is var (layer, axes)
            ? new WeightMatrix(weight, layer.Operator is RecurrentOperator ? null : layer, axes)
            : new WeightMatrix(weight, null, null);

    /// <summary>The row-major position of an entry in the weight.</summary>
    public int Position(int row, int column)
    {
        if (!transposed)
            return row * Columns + column;
        (int group, int output) = Math.DivRem(row, outputs);
        (int input, int tap) = Math.DivRem(column, Taps);
        return ((group * inputs + input) * outputs + output) * Taps + tap;
    }

    /// <summary>A block, cut off at the matrix's edge.</summary>
    /// <exception cref="ModelException">Outputs lie behind inputs in the weight, and the block covers several groups,
    /// or parts of several filters' taps.</exception>
    public WeightRegion Block(int row, int column, int rows, int columns)
    {
        (rows, columns) = (Math.Min(rows, Rows - row), Math.Min(columns, Columns - column));
        int offset = Position(row, column);
        if (!transposed)
            return new WeightRegion(Weight.Name, offset, rows, Columns, columns);
        bool isOfOneGroup = rows == 0 || row / outputs == (row + rows - 1) / outputs;
        if (isOfOneGroup && column % Taps == 0 && columns % Taps == 0)
            return new WeightRegion(Weight.Name, offset, columns / Taps, outputs * Taps, rows * Taps);
        if (isOfOneGroup && column % Taps + columns <= Taps)
            return new WeightRegion(Weight.Name, offset, rows, Taps, columns);
        throw new ModelException(
            $"weight '{Weight.Name}' of shape {Weight.Encoding.Shape} does not fall into blocks of "
                + $"{rows}×{columns} of "
                + "its layer's matrix: use granularity weight, kernel or row"
        );
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
