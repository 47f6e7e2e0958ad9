using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Decant.Core;

namespace Decant.Techniques.Pruning;

/// <summary>What stays or goes as a whole, over the matrix [out, in·kh·kw] of a weight.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Rows">A block's rows; of n:m, n.</param>
/// <param name="Columns">A block's columns; of n:m, m.</param>
public sealed partial record Granularity(GranularityKind Kind, int Rows = 1, int Columns = 1)
{
    private const int Largest = 65_536;

    /// <summary>Reads the options 'granularity' and 'block'.</summary>
    /// <exception cref="DecantException">A word or an extent is not understood.</exception>
    public static Granularity Read(TechniqueOptions options)
    {
        string text = options.Text("granularity", "weight");
        if (Pair(text, ':') is var (n, m))
            return n < m
                ? new Granularity(GranularityKind.NofM, n, m)
                : throw options.Error(
                    "granularity",
                    $"'granularity: {text}' must keep fewer than all: 2:4 keeps 2 of 4"
                );
        if (
            !Enum.TryParse(text, ignoreCase: true, out GranularityKind kind)
            || kind == GranularityKind.NofM
            || text != Word(kind)
        )
            throw options.Error(
                "granularity",
                $"'granularity: {text}' must be one of "
                    + $"{string.Join(", ", Enum.GetValues<GranularityKind>().Select(Word))}, as in 2:4"
            );
        if (kind != GranularityKind.Block)
            return new Granularity(kind);
        string block = options.Text("block", "1x4");
        return Pair(block, 'x') is var (rows, columns)
            ? new Granularity(kind, rows, columns)
            : throw options.Error("block", $"'block: {block}' must be rows x columns such as 1x4, each 1 to {Largest}");
    }

    /// <summary>The extents of what stays or goes whole in a matrix.</summary>
    /// <param name="matrix">The weight's matrix.</param>
    internal (int Rows, int Columns) In(WeightMatrix matrix) =>
        Kind switch
        {
            GranularityKind.Row => (1, Math.Max(1, matrix.Columns)),
            GranularityKind.Column => (Math.Max(1, matrix.Rows), 1),
            GranularityKind.Kernel => (1, Math.Max(1, matrix.Taps)),
            GranularityKind.Block => (Rows, Columns),
            _ => (1, 1),
        };

    /// <inheritdoc/>
    public override string ToString() =>
        Kind switch
        {
            GranularityKind.Block => $"blocks of {Rows}×{Columns}",
            GranularityKind.NofM => $"{Rows} of every {Columns} weights",
            _ => $"{Word(Kind)}s",
        };

    private static string Word(GranularityKind kind) =>
        kind == GranularityKind.NofM ? "n:m" : kind.ToString().ToLowerInvariant();

    private static (int, int)? Pair(string text, char between)
    {
        Match match = Numbers().Match(text.Replace('×', 'x'));
        return
            match.Success
            && match.Groups[2].Value[0] == between
            && Extent(match.Groups[1].Value) is { } a
            && Extent(match.Groups[3].Value) is { } b
            ? (a, b)
            : null;
    }

    private static int? Extent(string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int v) && v is >= 1 and <= Largest
            ? v
            : null;

    [GeneratedRegex("^([0-9]+)([x:])([0-9]+)$")]
    private static partial Regex Numbers();
}

/// <summary>The kinds of what pruning keeps or drops as a whole.</summary>
public enum GranularityKind
{
    /// <summary>Each number by itself.</summary>
    Weight,

    /// <summary>Blocks of the matrix.</summary>
    Block,

    /// <summary>The inputs of a neuron or filter.</summary>
    Row,

    /// <summary>What all neurons take from one input.</summary>
    Column,

    /// <summary>The taps of a filter on one input channel.</summary>
    Kernel,

    /// <summary>n of every m neighbours of a row stay.</summary>
    NofM,
}

/// <summary>The blocks that a matrix falls into, row by row, made when asked for: there may be millions.</summary>
internal sealed class BlockUnits : IReadOnlyList<PruningUnit>
{
    private readonly WeightMatrix matrix;
    private readonly int rows,
        columns,
        across;
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
    public PruningUnit this[int index] =>
        new(
            $"{matrix.Weight.Name}[{index}]",
            [Region(index)],
            [.. values.Select(v => new ValueRegion(v.Value, v.Axis, [index / across]))]
        );

    /// <summary>The numbers of a block.</summary>
    public WeightRegion Region(int index) =>
        matrix.Block(index / across * rows, index % across * columns, rows, columns);

    /// <inheritdoc/>
    public IEnumerator<PruningUnit> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static int Blocks(int extent, int size) => (int)(((long)extent + size - 1) / size);
}

/// <summary>The blocks of several weights, one after the other.</summary>
internal sealed class JoinedUnits(IReadOnlyList<BlockUnits> parts) : IReadOnlyList<PruningUnit>
{
    /// <inheritdoc/>
    public int Count { get; } = parts.Sum(p => p.Count);

    /// <inheritdoc/>
    public PruningUnit this[int index]
    {
        get
        {
            int part = 0;
            while (index >= parts[part].Count)
                index -= parts[part++].Count;
            return parts[part][index];
        }
    }

    /// <inheritdoc/>
    public IEnumerator<PruningUnit> GetEnumerator() => parts.SelectMany(p => p).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
