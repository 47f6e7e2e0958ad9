using System.Collections.Immutable;
using System.Security.Cryptography;
using Decant.Core;

namespace Decant.Data;

/// <summary>
/// Examples for a network, each with one or several inputs, and with targets where they are known. A source does not
/// change; what it hands out must not be written.
/// </summary>
public interface IDataSource
{
    /// <summary>What messages call it.</summary>
    string Name { get; }

    /// <summary>How many examples there are.</summary>
    int Count { get; }

    /// <summary>The inputs of an example, at least one.</summary>
    ImmutableArray<DataField> Inputs { get; }

    /// <summary>The targets of an example; empty where none are known.</summary>
    ImmutableArray<DataField> Targets { get; }

    /// <summary>
    /// SHA-256 over all that the source holds, in lowercase hexadecimal digits; computed once. Runs are identified by
    /// it.
    /// </summary>
    string Fingerprint { get; }

    /// <summary>
    /// How long each example is, where it varies: the extent of axis 0 of the fields whose shape says
    /// <see cref="Shape.Unknown"/> there. Empty where all examples have one shape.
    /// </summary>
    ImmutableArray<int> Lengths => [];

    /// <summary>
    /// Where examples follow each other in time: the first example of each sequence, rising. Empty where all are one
    /// sequence, or none.
    /// </summary>
    ImmutableArray<int> Starts => [];

    /// <summary>
    /// Inputs that are states: their values are recorded, and where a network is scored it gets its own outputs for
    /// the example before instead, but for the first example of each sequence. Empty where there are none; a source
    /// that has some says in <see cref="Starts"/> each example that does not follow the one before.
    /// </summary>
    ImmutableArray<StatePair> States => [];

    /// <summary>What was skipped, truncated or guessed when the source was opened, a sentence each.</summary>
    ImmutableArray<string> Notes => [];

    /// <summary>
    /// The examples at the given indices, in that order. Where lengths vary, each is padded to the longest of them.
    /// </summary>
    /// <exception cref="DataException">An index is outside 0..Count-1.</exception>
    Batch Read(ReadOnlySpan<int> indices);

    /// <summary>
    /// The same, written into the arrays of a batch that is not needed any more where they are as long. A source that
    /// leaves this out makes new arrays.
    /// </summary>
    /// <param name="indices">The examples.</param>
    /// <param name="spent">A batch that this source has handed out; null for new arrays.</param>
    /// <exception cref="DataException">An index is outside 0..Count-1.</exception>
    Batch Read(ReadOnlySpan<int> indices, Batch? spent) => Read(indices);

    /// <summary>A source of the examples at the given indices, in that order.</summary>
    /// <exception cref="DataException">An index is outside 0..Count-1.</exception>
    IDataSource Take(ReadOnlySpan<int> indices);

    /// <summary>
    /// Cuts the source in two at random; both parts keep the order of this source. Where targets are classes, each
    /// class is in both parts in proportion to how often it occurs. Of a source with <see cref="States"/> the second
    /// part gets whole sequences, the last of them in part where need be.
    /// </summary>
    /// <param name="holdOut">How many examples the second part gets.</param>
    /// <param name="seed">Decides which.</param>
    /// <exception cref="DataException"><paramref name="holdOut"/> is not in 0..Count.</exception>
    (IDataSource Train, IDataSource HeldOut) Split(int holdOut, ulong seed)
    {
        if (holdOut < 0 || holdOut > Count)
            throw new DataException($"cannot hold out {holdOut} of the {Count} examples of data set '{Name}'");
        int[] order = [.. Enumerable.Range(0, Count)];
        Rng rng = Rng.For(seed, "split");
        if (States.IsEmpty)
            rng.Shuffle<int>(order);
        else
            order = Sequence.Shuffled(this, rng);
        Array.Sort(order, 0, holdOut);
        Array.Sort(order, holdOut, Count - holdOut);
        return (Take(order.AsSpan(holdOut)), Take(order.AsSpan(0, holdOut)));
    }
}

/// <summary>Shorter ways to ask a source.</summary>
public static class DataSources
{
    /// <summary>The first examples, at most <paramref name="count"/> of them.</summary>
    public static IDataSource First(this IDataSource source, int count)
    {
        if (count < 0)
            throw new DataException($"cannot take the first {count} examples of data set '{source.Name}'");
        return count >= source.Count ? source : source.Take(Enumerable.Range(0, count).ToArray());
    }
}

/// <summary>One named part of every example of a source.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Shape">Its shape in one example; the batch axis comes before it. Axis 0 is
/// <see cref="Shape.Unknown"/> where examples have lengths of their own.</param>
public sealed record DataField(string Name, ElementType Type, Shape Shape)
{
    /// <summary>
    /// Whether it holds pixels, so that a network that takes floats gets them by its <see cref="Preprocessing"/>.
    /// </summary>
    public bool IsImage { get; init; }

    /// <summary>For a target that is the number of a class: how many classes there are. Null for all else.</summary>
    public int? Classes { get; init; }

    /// <summary>
    /// Whether it is a mask of positions: 1 for those that an example has, 0 for those that pad it to the length of
    /// its batch, which are not scored.
    /// </summary>
    public bool IsMask { get; init; }

    /// <summary>What integers are padded with where examples have lengths of their own.</summary>
    public long Padding { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"'{Name}' {Type} {Shape}";
}

/// <summary>Some examples of a source.</summary>
/// <param name="Count">How many.</param>
/// <param name="Inputs">A tensor for each of the source's inputs, in their order; axis 0 is the batch.</param>
/// <param name="Targets">A tensor for each of the source's targets, in their order; axis 0 is the batch.</param>
public sealed record Batch(int Count, ImmutableArray<Tensor> Inputs, ImmutableArray<Tensor> Targets);

/// <summary>Rows of tensors: what belongs to one index of axis 0.</summary>
internal static class Rows
{
    /// <summary>
    /// The rows at the given indices, in that order, copied; into <paramref name="spent"/> if it is like them.
    /// </summary>
    public static Tensor Take(Tensor tensor, ReadOnlySpan<int> indices, Tensor? spent = null)
    {
        Shape shape = tensor.Shape.With(0, indices.Length);
        Tensor taken =
            spent is not null && spent.Type == tensor.Type && spent.Shape == shape
                ? spent
                : Tensor.Zeros(tensor.Type, shape);
        ReadOnlySpan<byte> from = tensor.Bytes();
        Span<byte> to = taken.Bytes();
        int size = indices.Length == 0 ? 0 : to.Length / indices.Length;
        for (int i = 0; i < indices.Length; i++)
            from.Slice(indices[i] * size, size).CopyTo(to[(i * size)..]);
        return taken;
    }

    /// <summary>Tensors one after the other along axis 0.</summary>
    /// <exception cref="DataException">They differ in what one row is, or are too large for one tensor.</exception>
    public static Tensor Join(string name, IReadOnlyList<Tensor> parts)
    {
        Tensor first = parts[0];
        foreach (Tensor part in parts)
            if (
                part.Type != first.Type
                || part.Shape.Dims[1..].AsSpan().SequenceEqual(first.Shape.Dims[1..].AsSpan()) is false
            )
                throw new DataException($"output '{name}' is {first} for some examples and {part} for others");
        long rows = parts.Sum(p => (long)p.Shape[0]);
        if (rows * first.Shape.CountFrom(1) * first.Type.Size() > Array.MaxLength)
            throw new DataException(
                $"output '{name}' of {rows} examples is too large to be kept in memory; fewer examples would work"
            );
        Tensor joined = Tensor.Zeros(first.Type, first.Shape.With(0, (int)rows));
        int at = 0;
        foreach (Tensor part in parts)
        {
            part.Bytes().CopyTo(joined.Bytes()[at..]);
            at += part.Bytes().Length;
        }
        return joined;
    }

    /// <summary>Checks that indices are those of examples.</summary>
    /// <exception cref="DataException">One is not; it is named.</exception>
    public static void Check(IDataSource source, ReadOnlySpan<int> indices, string what)
    {
        foreach (int i in indices)
            if ((uint)i >= (uint)source.Count)
                throw new DataException($"data set '{source.Name}' has {source.Count} {what}s; there is no {what} {i}");
    }

    /// <summary>SHA-256 over names, types, shapes and elements.</summary>
    public static string Hash(IEnumerable<(DataField Field, Tensor Tensor)> arrays)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (field, tensor) in arrays)
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes($"{field.Name}\n{tensor}\n"));
            hash.AppendData(tensor.Bytes());
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
