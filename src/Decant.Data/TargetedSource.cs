using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Data;

/// <summary>A source's inputs with other targets.</summary>
internal sealed class TargetedSource : IDataSource
{
    private readonly IDataSource inputs;
    private readonly ImmutableArray<TargetRows> targets;
    private readonly Lazy<string> fingerprint;

    public TargetedSource(IDataSource inputs, ImmutableArray<TargetRows> targets)
    {
        (this.inputs, this.targets) = (inputs, targets);
        Targets = [.. targets.Select(t => t.Field)];
        fingerprint = new(() => $"{inputs.Fingerprint}, {string.Join(", ", targets.Select(t => t.Hash()))}");
    }

    public string Name => inputs.Name;

    public int Count => inputs.Count;

    public ImmutableArray<DataField> Inputs => inputs.Inputs;

    public ImmutableArray<DataField> Targets { get; }

    public ImmutableArray<int> Lengths => inputs.Lengths;

    public ImmutableArray<int> Starts => inputs.Starts;

    public ImmutableArray<StatePair> States => inputs.States;

    public ImmutableArray<string> Notes => inputs.Notes;

    public string Fingerprint => fingerprint.Value;

    public Batch Read(ReadOnlySpan<int> indices) => Read(indices, null);

    public Batch Read(ReadOnlySpan<int> indices, Batch? spent)
    {
        int[] chosen = indices.ToArray();
        return new(
            indices.Length,
            inputs.Read(indices, spent is null ? null : spent with { Targets = [] }).Inputs,
            [.. targets.Select(t => t.Read(chosen))]
        );
    }

    public IDataSource Take(ReadOnlySpan<int> indices)
    {
        int[] chosen = indices.ToArray();
        return new TargetedSource(inputs.Take(indices), [.. targets.Select(t => t.Take(chosen))]);
    }
}

/// <summary>One target of every example: rows of one tensor, or a tensor an example where lengths vary.</summary>
internal sealed class TargetRows
{
    private readonly Tensor? rows;
    private readonly Tensor[] examples = [];

    public TargetRows(string name, Tensor rows)
    {
        this.rows = rows;
        Field = new DataField(name, rows.Type, new Shape(rows.Shape.Dims.AsSpan()[1..]));
    }

    /// <param name="field">Its axis 0 is unknown.</param>
    /// <param name="examples">They differ in the extent of axis 0 only.</param>
    public TargetRows(DataField field, Tensor[] examples) => (Field, this.examples) = (field, examples);

    public DataField Field { get; }

    /// <summary>The rows of some examples, padded with zeros to the longest.</summary>
    public Tensor Read(int[] indices)
    {
        if (rows is not null)
            return Rows.Take(rows, indices);
        int length = indices.Length == 0 ? 0 : indices.Max(i => examples[i].Shape[0]);
        Tensor read = Tensor.Zeros(Field.Type, new Shape([indices.Length, length, .. Field.Shape.Dims[1..]]));
        int size = read.Bytes().Length / Math.Max(1, indices.Length);
        for (int i = 0; i < indices.Length; i++)
            examples[indices[i]].Bytes().CopyTo(read.Bytes()[(i * size)..]);
        return read;
    }

    public TargetRows Take(int[] indices) =>
        rows is null
            ? new(Field, Array.ConvertAll(indices, i => examples[i]))
            : new(Field.Name, Rows.Take(rows, indices));

    /// <summary>SHA-256 over name, shapes and elements.</summary>
    public string Hash()
    {
        if (rows is not null)
            return Rows.Hash([(Field, rows)]);
        return Rows.Hash(examples.Select(e => (Field, e)));
    }
}

/// <summary>An output of a network on all examples, gathered batch by batch.</summary>
internal sealed class GatheredTarget(ValueInfo output, int count)
{
    private readonly Tensor?[] examples = new Tensor?[count];
    private readonly int[] kept = new int[count];
    private readonly HashSet<int> lengths = [];
    private bool hasPositions = true;
    private long bytes;

    /// <exception cref="DataException">All are too large for memory, or differ in what one example is.</exception>
    public void Add(FedBatch batch, Tensor made)
    {
        if (batch.Mask is null || batch.Length == 0 || made.Shape.Rank < 2 || made.Shape[1] != batch.Length)
            hasPositions = false;
        lengths.Add(batch.Length);
        var shape = new Shape(made.Shape.Dims.AsSpan()[1..]);
        int size = made.Bytes().Length / made.Shape[0];
        bytes += (long)size * batch.Count;
        if (bytes > Array.MaxLength)
            throw new DataException(
                $"output '{output.Name}' of {count} examples is too large to be kept in memory; fewer examples would "
                    + "work"
            );
        for (int i = 0; i < batch.Count; i++)
        {
            Tensor example = Tensor.Zeros(made.Type, shape);
            made.Bytes().Slice(i * size, size).CopyTo(example.Bytes());
            examples[batch.Indices[i]] = example;
            kept[batch.Indices[i]] = hasPositions ? PositionMask.LengthOf(batch.Mask!, i) : 0;
        }
    }

    public TargetRows ToRows()
    {
        if (hasPositions && IsVariable())
            return new TargetRows(
                new DataField(output.Name, examples[0]!.Type, examples[0]!.Shape.With(0, Shape.Unknown)),
                [.. examples.Select((e, i) => Rows.Take(e!, [.. Enumerable.Range(0, kept[i])]))]
            );
        return new TargetRows(
            output.Name,
            Rows.Join(output.Name, [.. examples.Select(e => e!.Reshape(new Shape([1, .. e.Shape.Dims])))])
        );
    }

    // That axis 1 was as long as the inputs says nothing if there was one length: then it is what is declared.
    private bool IsVariable() =>
        lengths.Count > 1
        || output.Type.Shape is not { Rank: > 1 } declared
        || declared[1] == Shape.Unknown
        || declared.Rank > 2;
}
