using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Data;

/// <summary>
/// Turns the examples of a source into the inputs of a network: finds the field for each input, applies preprocessing
/// to pixels, brings shapes and types to what the network takes, and fills up batches of a network whose batch size is
/// fixed.
/// </summary>
public sealed class NetworkFeed
{
    // Attention compares each position with each: examples of a batch times the square of their length, at most.
    private const long LargestBatch = 1 << 20;

    // Of inputs of one shape, a batch has at most so many elements, where one example has no more.
    private const long LargestInputs = 1 << 20;

    private readonly ImmutableArray<InputBinding> bindings;
    private readonly int mask;

    private NetworkFeed(
        IDataSource data,
        Preprocessing preprocessing,
        ImmutableArray<InputBinding> bindings,
        int fixedBatch
    )
    {
        (Data, Preprocessing, this.bindings, FixedBatch) = (data, preprocessing, bindings, fixedBatch);
        mask = Array.FindIndex([.. data.Inputs], f => f.IsMask);
    }

    /// <summary>The examples.</summary>
    public IDataSource Data { get; }

    /// <summary>What is done to pixels.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>The batch size that the network insists on; 0 where it takes any.</summary>
    public int FixedBatch { get; }

    /// <summary>Whether any input is made of pixels, so that preprocessing has an effect.</summary>
    public bool HasImages => bindings.Any(b => b.IsPreprocessed);

    /// <summary>Matches a source with a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">The source. A network of one input takes a source's only one, whatever their names are;
    /// all others are matched by name.</param>
    /// <param name="preprocessing">What is done to pixels.</param>
    /// <exception cref="DataException">An input has no field, or one that does not fit; both are named.</exception>
    public static NetworkFeed Of(Network network, IDataSource data, Preprocessing preprocessing)
    {
        ImmutableArray<InputBinding> bindings =
        [
            .. network.Inputs.Select(i => InputBinding.Of(i, data, FieldOf(network, data, i), preprocessing)),
        ];
        return new(data, preprocessing, bindings, BatchOf(network, data, bindings));
    }

    /// <summary>
    /// All examples in batches: in their order, or where lengths vary from the shortest to the longest, so that little
    /// is padded. A batch is good until the next is asked for.
    /// </summary>
    /// <param name="size">Examples a batch, fewer where they are long or large; a network's
    /// <see cref="FixedBatch"/> takes precedence.</param>
    /// <param name="cancellation">Looked at before each batch.</param>
    public IEnumerable<FedBatch> Batches(int size, CancellationToken cancellation = default)
    {
        int[] order = [.. Enumerable.Range(0, Data.Count)];
        ImmutableArray<int> lengths = Data.Lengths;
        if (!lengths.IsEmpty)
            order = [.. order.OrderBy(i => lengths[i])];
        size = SizeOf(size);
        FedBatch? batch = null;
        for (int first = 0, count; first < order.Length; first += count)
        {
            cancellation.ThrowIfCancellationRequested();
            count = Math.Min(FixedBatch > 0 ? FixedBatch : size, order.Length - first);
            if (FixedBatch == 0 && !lengths.IsEmpty)
                count = CountOf(order.AsSpan(first, count), lengths);
            batch = Read(order.AsSpan(first, count), batch);
            yield return batch;
        }
    }

    /// <summary>At most so many examples a batch, fewer where they are large.</summary>
    internal int SizeOf(int most) => (int)Math.Clamp(LargestInputs / bindings.Max(b => b.Elements), 1, most);

    /// <summary>Some examples as the network's inputs.</summary>
    /// <param name="indices">Their indices; at most <see cref="FixedBatch"/> of them where that is not 0.</param>
    /// <param name="spent">A batch of this feed that is not needed any more: its arrays are written again
    /// where they have the same shape.</param>
    public FedBatch Read(ReadOnlySpan<int> indices, FedBatch? spent = null)
    {
        Batch batch = Data.Read(indices, spent?.Source);
        int rows = Math.Max(batch.Count, FixedBatch);
        Tensor Input(InputBinding binding, int i)
        {
            Shape shape = binding.ShapeOf(rows, batch);
            Tensor input = spent is not null && spent.Inputs[i].Shape == shape ? spent.Inputs[i] : binding.Zeros(shape);
            binding.Write(batch, input);
            return input;
        }
        ImmutableArray<Tensor> inputs = [.. bindings.Select(Input)];
        return new FedBatch(batch.Count, inputs, batch.Targets)
        {
            Indices = [.. indices],
            Mask = mask < 0 ? null : batch.Inputs[mask],
            IsWhole = bindings.Any(b => b.IsWhole),
            Length = bindings.Select((b, i) => b.Varies ? inputs[i].Shape[1] : 0).FirstOrDefault(l => l > 0),
            Source = batch,
        };
    }

    /// <summary>How many of examples, from short to long, make a batch.</summary>
    private static int CountOf(ReadOnlySpan<int> examples, ImmutableArray<int> lengths)
    {
        int count = 1;
        while (
            count < examples.Length
            && (count + 1) * (long)lengths[examples[count]] * lengths[examples[count]] <= LargestBatch
        )
            count++;
        return count;
    }

    /// <summary>The field that an input gets: of its name, or the only one of a network that has one input.</summary>
    private static int FieldOf(Network network, IDataSource data, ValueInfo input)
    {
        if (network.Inputs.Length == 1 && data.Inputs.Length == 1)
            return 0;
        int field = IndexOf(data.Inputs, input.Name);
        return field >= 0
            ? field
            : throw new DataException(
                $"data set '{data.Name}' has no array for input '{input.Name}'; it has "
                    + $"{string.Join(", ", data.Inputs.Select(f => f.Name))}, and the network takes "
                    + string.Join(", ", network.Inputs.Select(i => i.Name))
            );
    }

    /// <summary>The batch size that a network insists on: 1 where an input has no axis that counts examples.</summary>
    private static int BatchOf(Network network, IDataSource data, ImmutableArray<InputBinding> bindings)
    {
        int batch = 0;
        for (int i = 0; i < bindings.Length; i++)
            if (!bindings[i].IsWhole && network.Inputs[i].Type.Shape is { Rank: > 0 } shape)
                batch = Math.Max(batch, shape[0]);
        if (!bindings.Any(b => b.IsWhole))
            return batch;
        int whole = bindings.IndexOf(bindings.First(b => b.IsWhole));
        return batch <= 1
            ? 1
            : throw new DataException(
                $"input '{network.Inputs[whole].Name}' takes an example of data set '{data.Name}' at a time, and "
                    + $"others {batch}"
            );
    }

    private static int IndexOf(ImmutableArray<DataField> fields, string name)
    {
        for (int i = 0; i < fields.Length; i++)
            if (fields[i].Name == name)
                return i;
        return -1;
    }
}

/// <summary>Examples as a network takes them.</summary>
/// <param name="Count">How many examples there are.</param>
/// <param name="Inputs">A tensor for each of the network's inputs, in their order. They hold at least
/// <paramref name="Count"/> rows: rows beyond it are zeros, for a network whose batch size is fixed.</param>
/// <param name="Targets">A tensor of <paramref name="Count"/> rows for each of the source's targets.</param>
public sealed record FedBatch(int Count, ImmutableArray<Tensor> Inputs, ImmutableArray<Tensor> Targets)
{
    /// <summary>Which examples of the source they are.</summary>
    public ImmutableArray<int> Indices { get; init; } = [];

    /// <summary>The source's mask of positions, a row an example; null where it has none.</summary>
    public Tensor? Mask { get; init; }

    /// <summary>
    /// Whether there is one example, and some inputs have no axis that counts examples; nor need outputs have one.
    /// </summary>
    public bool IsWhole { get; init; }

    /// <summary>The length to which examples are padded in the inputs; 0 where it does not vary.</summary>
    internal int Length { get; init; }

    /// <summary>What the source handed out for it.</summary>
    internal Batch? Source { get; init; }
}
