using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Data;

/// <summary>
/// A source with the states of a network beside its inputs: what the network's outputs were for the example before, and
/// zeros for the first of each sequence. So each example stands alone, in any order; networks that are scored make
/// their own states, and need the recorded ones only where a sequence begins.
/// </summary>
public sealed class StatefulSource : IDataSource
{
    private readonly IDataSource source;
    private readonly ImmutableArray<Tensor> rows;
    private readonly Lazy<string> fingerprint;

    private StatefulSource(
        IDataSource source,
        ImmutableArray<StatePair> states,
        ImmutableArray<int> starts,
        ImmutableArray<DataField> fields,
        ImmutableArray<Tensor> rows,
        ImmutableArray<string> notes
    )
    {
        (this.source, this.rows, States, Starts, Notes) = (source, rows, states, starts, notes);
        Inputs = [.. source.Inputs, .. fields];
        fingerprint = new(() => $"{source.Fingerprint}, {Rows.Hash(fields.Zip(rows))}");
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
        ImmutableArray<int> starts = [.. source.Starts.Prepend(0).Distinct().Where(i => i < source.Count)];
        var recorded = new StatefulSource(
            source,
            states.Pairs,
            starts,
            fields,
            rows,
            [.. source.Notes, .. states.Notes]
        );
        FedState[] fed = [.. states.Pairs.Select(p => FedState.Of(network, p))];
        var pass = new NetworkPass(network, executor, NetworkFeed.Of(network, recorded, preprocessing));
        foreach (MadeBatch made in pass.Batches(1, cancellation))
            if (made.Batch.Indices[0] + 1 is var next && next < source.Count && starts.BinarySearch(next) < 0)
                for (int s = 0; s < fed.Length; s++)
                    fed[s].Record(made, rows[s], next);
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
    public ImmutableArray<int> Starts { get; }

    /// <inheritdoc/>
    public ImmutableArray<StatePair> States { get; }

    /// <inheritdoc/>
    public ImmutableArray<string> Notes { get; }

    /// <inheritdoc/>
    public string Fingerprint => fingerprint.Value;

    /// <inheritdoc/>
    public Batch Read(ReadOnlySpan<int> indices)
    {
        Batch batch = source.Read(indices);
        int[] chosen = indices.ToArray();
        return batch with { Inputs = [.. batch.Inputs, .. rows.Select(r => Rows.Take(r, chosen))] };
    }

    /// <inheritdoc/>
    public IDataSource Take(ReadOnlySpan<int> indices)
    {
        int[] chosen = indices.ToArray();
        return new StatefulSource(
            source.Take(chosen),
            States,
            [.. Enumerable.Range(0, chosen.Length).Where(i => i == 0 || !Follows(chosen[i], chosen[i - 1]))],
            Inputs[source.Inputs.Length..],
            [.. rows.Select(r => Rows.Take(r, chosen))],
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

    private bool Follows(int example, int before) => example == before + 1 && Starts.BinarySearch(example) < 0;
}
