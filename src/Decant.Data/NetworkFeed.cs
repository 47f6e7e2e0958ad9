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
    private readonly ImmutableArray<InputBinding> bindings;

    private NetworkFeed(
        IDataSource data,
        Preprocessing preprocessing,
        ImmutableArray<InputBinding> bindings,
        int fixedBatch
    ) => (Data, Preprocessing, this.bindings, FixedBatch) = (data, preprocessing, bindings, fixedBatch);

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
        if (network.Inputs.Length == 1 && data.Inputs.Length == 1)
            return new(
                data,
                preprocessing,
                [InputBinding.Of(network.Inputs[0], data, 0, preprocessing)],
                BatchOf(network)
            );
        var bindings = new List<InputBinding>();
        foreach (ValueInfo input in network.Inputs)
        {
            int field = IndexOf(data.Inputs, input.Name);
            if (field < 0)
                throw new DataException(
                    $"data set '{data.Name}' has no array for input '{input.Name}'; it has "
                        + $"{string.Join(", ", data.Inputs.Select(f => f.Name))}, and the network takes "
                        + string.Join(", ", network.Inputs.Select(i => i.Name))
                );
            bindings.Add(InputBinding.Of(input, data, field, preprocessing));
        }
        return new(data, preprocessing, [.. bindings], BatchOf(network));
    }

    /// <summary>All examples in their order, in batches. A batch is good until the next is asked for.</summary>
    /// <param name="size">Examples a batch; a network's <see cref="FixedBatch"/> takes precedence.</param>
    /// <param name="cancellation">Looked at before each batch.</param>
    public IEnumerable<FedBatch> Batches(int size, CancellationToken cancellation = default)
    {
        if (FixedBatch > 0)
            size = FixedBatch;
        FedBatch? batch = null;
        for (int first = 0; first < Data.Count; first += size)
        {
            cancellation.ThrowIfCancellationRequested();
            batch = Read([.. Enumerable.Range(first, Math.Min(size, Data.Count - first))], batch);
            yield return batch;
        }
    }

    /// <summary>Some examples as the network's inputs.</summary>
    /// <param name="indices">Their indices; at most <see cref="FixedBatch"/> of them where that is not 0.</param>
    /// <param name="spent">A batch of this feed that is not needed any more: its arrays are written again
    /// where they have as many rows.</param>
    public FedBatch Read(ReadOnlySpan<int> indices, FedBatch? spent = null)
    {
        Batch batch = Data.Read(indices, spent?.Source);
        int rows = Math.Max(batch.Count, FixedBatch);
        Tensor Input(InputBinding binding, int i)
        {
            Tensor input =
                spent is not null && spent.Inputs[i].Shape[0] == rows ? spent.Inputs[i] : binding.Zeros(rows);
            binding.Write(batch, input);
            return input;
        }
        return new FedBatch(batch.Count, [.. bindings.Select(Input)], batch.Targets) { Source = batch };
    }

    private static int BatchOf(Network network) =>
        network.Inputs.Select(i => i.Type.Shape is { Rank: > 0 } shape && shape[0] > 0 ? shape[0] : 0).Max();

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
    /// <summary>What the source handed out for it.</summary>
    internal Batch? Source { get; init; }
}

/// <summary>How one field of a source becomes one input of a network.</summary>
internal sealed class InputBinding
{
    private readonly int index;
    private readonly DataField field;
    private readonly ElementType type;
    private readonly Shape shape;
    private readonly Preprocessing? preprocessing;

    private InputBinding(int index, DataField field, ElementType type, Shape shape, Preprocessing? preprocessing) =>
        (this.index, this.field, this.type, this.shape, this.preprocessing) = (
            index,
            field,
            type,
            shape,
            preprocessing
        );

    /// <summary>Whether pixels are preprocessed.</summary>
    public bool IsPreprocessed => preprocessing is not null;

    /// <exception cref="DataException">The field does not fit the input.</exception>
    public static InputBinding Of(ValueInfo input, IDataSource data, int index, Preprocessing preprocessing)
    {
        DataField field = data.Inputs[index];
        ElementType type = input.Type.Type;
        bool isPreprocessed = field.IsImage && type == ElementType.Float32;
        if (!isPreprocessed && type != field.Type && !Converts(field.Type, type))
            throw new DataException(
                $"data set '{data.Name}' has {field} for input '{input.Name}', which takes {input.Type}"
            );
        if (isPreprocessed)
            preprocessing.CheckFits(field.Shape);
        Shape shape = ShapeFor(input, field)
            ?? throw new DataException(
                field.IsImage
                    ? $"{data.Name} has images of {field.Shape}; input '{input.Name}' takes {input.Type.Shape}"
                    : $"data set '{data.Name}' has {field} for input '{input.Name}', which takes {input.Type.Shape}"
            );
        return new InputBinding(index, field, type, shape, isPreprocessed ? preprocessing : null);
    }

    /// <summary>An input of so many rows.</summary>
    public Tensor Zeros(int rows) => Tensor.Zeros(type, new Shape([rows, .. shape.Dims]));

    /// <summary>Writes a batch into an input; rows beyond the batch become zeros.</summary>
    public void Write(Batch batch, Tensor to)
    {
        Tensor given = batch.Inputs[index];
        Span<byte> bytes = to.Bytes();
        bytes[(bytes.Length / Math.Max(1, to.Shape[0]) * batch.Count)..].Clear();
        if (preprocessing is not null)
            Preprocess(given, batch.Count, to.Span<float>());
        else
            Convert(given, to);
    }

    private void Preprocess(Tensor given, int count, Span<float> to)
    {
        int size = (int)field.Shape.Count;
        for (int i = 0; i < count; i++)
            if (given.Type == ElementType.UInt8)
                preprocessing!.ApplyFitting(
                    given.Span<byte>().Slice(i * size, size),
                    field.Shape,
                    to.Slice(i * size, size)
                );
            else
                preprocessing!.ApplyFitting(
                    given.Span<float>().Slice(i * size, size),
                    field.Shape,
                    to.Slice(i * size, size)
                );
    }

    private static bool Converts(ElementType from, ElementType to) =>
        (from, to)
            is
                (ElementType.Float64, ElementType.Float32)
                or
                (ElementType.Int32, ElementType.Int64)
                or
                (ElementType.Int64, ElementType.Int32);

    private void Convert(Tensor given, Tensor made)
    {
        switch (given.Type, made.Type)
        {
            case (ElementType.Float64, ElementType.Float32):
                for (int i = 0; i < given.Count; i++)
                    made.Span<float>()[i] = (float)given.Span<double>()[i];
                break;
            case (ElementType.Int32, ElementType.Int64):
                for (int i = 0; i < given.Count; i++)
                    made.Span<long>()[i] = given.Span<int>()[i];
                break;
            case (ElementType.Int64, ElementType.Int32):
                for (int i = 0; i < given.Count; i++)
                    made.Span<int>()[i] = given.Span<long>()[i] is >= int.MinValue and <= int.MaxValue and var number
                        ? (int)number
                        : throw new DataException(
                            $"'{field.Name}' holds {given.Span<long>()[i]}, which no 32-bit input can take"
                        );
                break;
            default:
                given.Bytes().CopyTo(made.Bytes());
                break;
        }
    }

    /// <summary>The shape of one example as the input takes it; null if it cannot.</summary>
    private static Shape? ShapeFor(ValueInfo input, DataField field)
    {
        if (input.Type.Shape is not { } expected || Fits(expected, field.Shape))
            return field.Shape;
        var flat = new Shape((int)field.Shape.Count);
        if (field.IsImage && Fits(expected, flat))
            return flat;
        // A grey image is a matrix to a network that knows no channels.
        if (field is { IsImage: true, Shape: { Rank: 3 } shape } && shape[0] == 1)
        {
            var matrix = new Shape(shape[1], shape[2]);
            if (Fits(expected, matrix))
                return matrix;
        }
        return null;
    }

    private static bool Fits(Shape expected, Shape example) =>
        expected.Rank == example.Rank + 1
        && !example.Dims.Where((d, i) => expected[i + 1] >= 0 && expected[i + 1] != d).Any();
}
