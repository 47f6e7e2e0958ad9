using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using Decant.Core;

namespace Decant.Techniques.Pruning;

/// <summary>What stays or goes as a whole, over the matrix [out, in·kh·kw] of a weight.</summary>
public sealed record Granularity
{
    private Granularity(GranularityKind kind, int n = 1, int m = 1) => (Kind, N, M) = (kind, n, m);

    /// <summary>Each number by itself.</summary>
    public static Granularity Weight { get; } = new(GranularityKind.Weight);

    /// <summary>Blocks of the matrix, of the size that the options give.</summary>
    public static Granularity Block { get; } = new(GranularityKind.Block);

    /// <summary>The inputs of a neuron or filter.</summary>
    public static Granularity Row { get; } = new(GranularityKind.Row);

    /// <summary>What all neurons take from one input.</summary>
    public static Granularity Column { get; } = new(GranularityKind.Column);

    /// <summary>The taps of a filter on one input channel.</summary>
    public static Granularity Kernel { get; } = new(GranularityKind.Kernel);

    /// <summary>The kind.</summary>
    public GranularityKind Kind { get; }

    /// <summary>Of n:m, how many of m neighbours stay; else 1.</summary>
    public int N { get; }

    /// <summary>Of n:m, among how many neighbours n stay; else 1.</summary>
    public int M { get; }

    /// <summary>n of every m neighbours of a row stay, such as 2:4.</summary>
    /// <exception cref="OptionsException">n is not below m, or one is out of range.</exception>
    public static Granularity NofM(int n, int m) =>
        n >= 1 && n < m && m <= BlockSize.Largest
            ? new Granularity(GranularityKind.NofM, n, m)
            : throw new OptionsException("granularity", $"{n}:{m} must keep fewer than all: 2:4 keeps 2 of 4");

    /// <summary>Reads weight, block, row, column, kernel, or n:m.</summary>
    /// <exception cref="OptionsException">The text is none of these.</exception>
    public static Granularity Parse(string text)
    {
        if (BlockSize.Pair(text, ':') is var (n, m))
            return NofM(n, m);
        foreach (Granularity known in (ReadOnlySpan<Granularity>)[Weight, Block, Row, Column, Kernel])
            if (known.ToString() == text)
                return known;
        throw new OptionsException("granularity", "must be one of weight, block, row, column, kernel, n:m, as in 2:4");
    }

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString() =>
        Kind == GranularityKind.NofM
            ? string.Create(CultureInfo.InvariantCulture, $"{N}:{M}")
            : Kind.ToString().ToLowerInvariant();

    /// <summary>The extents of what stays or goes whole in a matrix.</summary>
    /// <param name="matrix">The weight's matrix.</param>
    /// <param name="block">The extents of a block.</param>
    internal (int Rows, int Columns) In(WeightMatrix matrix, BlockSize block) =>
        Kind switch
        {
            GranularityKind.Row => (1, Math.Max(1, matrix.Columns)),
            GranularityKind.Column => (Math.Max(1, matrix.Rows), 1),
            GranularityKind.Kernel => (1, Math.Max(1, matrix.Taps)),
            GranularityKind.Block => (block.Rows, block.Columns),
            _ => (1, 1),
        };
}

/// <summary>The extents of a block of a matrix.</summary>
public readonly record struct BlockSize
{
    internal const int Largest = 65_536;

    /// <summary>A block.</summary>
    /// <param name="rows">Its rows, from 1 to 65,536.</param>
    /// <param name="columns">Its columns, from 1 to 65,536.</param>
    /// <exception cref="OptionsException">An extent is out of range.</exception>
    public BlockSize(int rows, int columns)
    {
        if (rows is < 1 or > Largest || columns is < 1 or > Largest)
            throw new OptionsException("block", $"a block of {rows}x{columns} must have extents from 1 to {Largest}");
        (Rows, Columns) = (rows, columns);
    }

    /// <summary>Rows.</summary>
    public int Rows { get; }

    /// <summary>Columns.</summary>
    public int Columns { get; }

    /// <summary>Reads rows x columns, such as 1x4.</summary>
    /// <exception cref="OptionsException">The text is no such pair.</exception>
    public static BlockSize Parse(string text) =>
        Pair(text.Replace('×', 'x'), 'x') is var (rows, columns)
            ? new BlockSize(rows, columns)
            : throw new OptionsException("block", $"must be rows x columns such as 1x4, each 1 to {Largest}");

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Rows}x{Columns}");

    /// <summary>Two extents with a character between; null if the text is something else.</summary>
    internal static (int, int)? Pair(string text, char between) =>
        text.Split(between) is [var first, var second] && Extent(first) is { } a && Extent(second) is { } b
            ? (a, b)
            : null;

    private static int? Extent(string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int v) && v is >= 1 and <= Largest
            ? v
            : null;
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

    public BlockUnits(Network network, WeightMatrix matrix, WeightPruningOptions options)
    {
        this.matrix = matrix;
        (rows, columns) = options.UnitIn(matrix);
        across = Blocks(matrix.Columns, columns);
        Count = across * Blocks(matrix.Rows, rows);
        values = options.Granularity.Kind == GranularityKind.Row ? LayerValues.Of(network, matrix.Layer) : [];
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
