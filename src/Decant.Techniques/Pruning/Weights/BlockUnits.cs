using System.Collections;
using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Techniques.Pruning;

/// <summary>The blocks that a matrix falls into, row by row, made when asked for: there may be millions.</summary>
internal sealed class BlockUnits : IReadOnlyList<PruningUnit>
{
    private readonly WeightMatrix matrix;
    private readonly int rows, columns, across;
    private readonly ImmutableArray<(string Value, int Axis)> values;

    public BlockUnits(Network network, WeightMatrix matrix, Granularity granularity)
    {
        this.matrix = matrix;
        (rows, columns) = granularity.In(matrix);
        across = Blocks(matrix.Columns, columns);
        Count = across * Blocks(matrix.Rows, rows);
        values = granularity.Kind == GranularityKind.Row ? LayerValues.Of(network, matrix.Layer) : [];
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public PruningUnit this[int index] => new(
        $"{matrix.Weight.Name}[{index}]", [Region(index)], [.. values.Select(v => new ValueRegion(v.Value, v.Axis, [index / across]))]);

    /// <summary>The numbers of a block.</summary>
    public WeightRegion Region(int index) => matrix.Block(index / across * rows, index % across * columns, rows, columns);

    /// <inheritdoc/>
    public IEnumerator<PruningUnit> GetEnumerator()
    {
        for (int i = 0; i < Count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static int Blocks(int extent, int size) => (int)(((long)extent + size - 1) / size);
}
