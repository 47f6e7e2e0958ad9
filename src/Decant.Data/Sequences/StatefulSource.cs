using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Data;

/// <summary>
/// A source with the states of a network beside its inputs: what the network's outputs were for the example before, and
/// zeros for the first of each sequence. So each example stands alone, in any order.
/// </summary>
public sealed class StatefulSource : IDataSource
{
    private readonly IDataSource source;
    private readonly ImmutableArray<Tensor> states;
    private readonly Lazy<string> fingerprint;

    private StatefulSource(
        IDataSource source,
        ImmutableArray<DataField> fields,
        ImmutableArray<Tensor> states,
        ImmutableArray<string> notes
    )
    {
        (this.source, this.states, Notes) = (source, states, notes);
        Inputs = [.. source.Inputs, .. fields];
        fingerprint = new(() => $"{source.Fingerprint}, {Rows.Hash(fields.Zip(states))}");
    }

    /// <summary>Runs a network over a source, example by example, and records its states.</summary>
    /// <param name="network">The network, of which each example is one step.</param>
    /// <param name="executor">Runs it.</param>
    /// <param name="source">The other inputs; its sequences begin at <see cref="IDataSource.Starts"/>.</param>
    /// <param name="states">Which inputs are states.</param>
    /// <param name="preprocessing">What is done to pixels.</param>
    /// <param name="cancellation">Stops between examples.</param>
    /// <exception cref="DataException">An input has neither data nor a state, a state's size is not known, or all are
    /// too large for memory.</exception>
    public static StatefulSource Record(
        Network network,
        IExecutor executor,
        IDataSource source,
        NetworkStates states,
        Preprocessing preprocessing,
        CancellationToken cancellation = default
    )
    {
        states.CheckComplete(network, [.. source.Inputs.Select(f => f.Name)]);
        ValueInfo[] inputs = [.. states.Pairs.Select(p => network.Inputs.First(i => i.Name == p.Input))];
        ImmutableArray<DataField> fields = [.. inputs.Select(i => FieldOf(network, i))];
        ImmutableArray<Tensor> rows = [.. fields.Select(f => RowsOf(f, source.Count))];
        int[] outputs = [.. states.Pairs.Select(p => IndexOf(network.Outputs, p.Output))];
        var recorded = new StatefulSource(source, fields, rows, [.. source.Notes, .. states.Notes]);
        NetworkFeed feed = NetworkFeed.Of(network, recorded, preprocessing);
        HashSet<int> starts = [.. source.Starts];
        FedBatch? batch = null;
        for (int i = 0; i + 1 < source.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (starts.Contains(i + 1))
                continue;
            batch = feed.Read([i], batch);
            IReadOnlyList<Tensor> made = executor.Run(batch.Inputs, cancellation);
            for (int s = 0; s < rows.Length; s++)
                Keep(states.Pairs[s], made[outputs[s]], rows[s], i + 1);
        }
        return recorded;
    }

    /// <inheritdoc/>
    public string Name => source.Name;

    /// <inheritdoc/>
    public int Count => source.Count;

    /// <inheritdoc/>
    public ImmutableArray<DataField> Inputs { get; }

    /// <inheritdoc/>
    public ImmutableArray<DataField> Targets => source.Targets;

    /// <inheritdoc/>
    public ImmutableArray<int> Starts => source.Starts;

    /// <inheritdoc/>
    public ImmutableArray<string> Notes { get; }

    /// <inheritdoc/>
    public string Fingerprint => fingerprint.Value;

    /// <inheritdoc/>
    public Batch Read(ReadOnlySpan<int> indices)
    {
        Batch batch = source.Read(indices);
        int[] chosen = indices.ToArray();
        return batch with { Inputs = [.. batch.Inputs, .. states.Select(s => Rows.Take(s, chosen))] };
    }

    /// <inheritdoc/>
    public IDataSource Take(ReadOnlySpan<int> indices)
    {
        int[] chosen = indices.ToArray();
        return new StatefulSource(
            source.Take(chosen),
            Inputs[source.Inputs.Length..],
            [.. states.Select(s => Rows.Take(s, chosen))],
            Notes
        );
    }

    /// <inheritdoc/>
    public override string ToString() => $"{source} with states {string.Join(", ", Inputs[source.Inputs.Length..])}";

    private static DataField FieldOf(Network network, ValueInfo input) =>
        ExampleShapes.Of(network.Inputs, input) is { IsKnown: true } shape
            ? new DataField(input.Name, input.Type.Type, shape)
            : throw new DataException(
                $"input '{input.Name}' {input.Type} cannot be a state: its size, but for the number of examples, must "
                    + "be known"
            );

    private static Tensor RowsOf(DataField field, int count)
    {
        var shape = new Shape([count, .. field.Shape.Dims]);
        return shape.Count <= Array.MaxLength
            ? Tensor.Zeros(field.Type, shape)
            : throw new DataException($"{count} states {field} are too large for memory; fewer examples would work");
    }

    private static void Keep(StatePair pair, Tensor made, Tensor rows, int row)
    {
        int size = (int)(rows.Shape.CountFrom(1) * rows.Type.Size());
        if (made.Type != rows.Type || made.Bytes().Length != size)
            throw new DataException(
                $"output '{pair.Output}' is {made} and cannot be fed back to input '{pair.Input}', an example of which "
                    + $"is {rows.Type} {new Shape(rows.Shape.Dims.AsSpan()[1..])}"
            );
        made.Bytes().CopyTo(rows.Bytes()[(row * size)..]);
    }

    private static int IndexOf(ImmutableArray<ValueInfo> values, string name) =>
        Array.FindIndex([.. values], v => v.Name == name);
}
