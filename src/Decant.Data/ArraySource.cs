using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Data;

/// <summary>
/// Examples in memory: an array for each input, of any element type and rank, and for each target, if there are any.
/// Axis 0 of every array counts the examples.
/// </summary>
public sealed class ArraySource : IDataSource
{
    private readonly ImmutableArray<Tensor> inputs,
        targets;
    private readonly Lazy<string> fingerprint;

    /// <summary>Creates a source of arrays; they are shared and must not be written.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="inputs">The inputs by name, at least one. An array of bytes holds pixels where each example has
    /// the shape C×H×W or F.</param>
    /// <param name="targets">The targets by name; null for none.</param>
    /// <param name="classes">How many classes a target has that is one integer an example; null for one more than
    /// its largest.</param>
    /// <exception cref="DataException">There is no input, an array is a scalar, two have one name or another count of
    /// examples, or a class is out of range; the array is named.</exception>
    public ArraySource(
        string name,
        IReadOnlyList<KeyValuePair<string, Tensor>> inputs,
        IReadOnlyList<KeyValuePair<string, Tensor>>? targets = null,
        int? classes = null
    )
    {
        targets ??= [];
        if (inputs.Count == 0)
            throw new DataException($"data set '{name}' has no input");
        CheckArrays(name, [.. inputs, .. targets]);
        Name = name;
        Count = inputs[0].Value.Shape[0];
        (this.inputs, this.targets) = ([.. inputs.Select(i => i.Value)], [.. targets.Select(t => t.Value)]);
        Inputs = [.. inputs.Select(i => InputOf(i.Key, i.Value))];
        Targets = [.. targets.Select(t => TargetOf(name, t.Key, t.Value, classes))];
        fingerprint = new(() => Rows.Hash(Inputs.Zip(this.inputs).Concat(Targets.Zip(this.targets))));
    }

    private ArraySource(ArraySource whole, int count, ImmutableArray<Tensor> inputs, ImmutableArray<Tensor> targets)
    {
        (Name, Count, Inputs, Targets) = (whole.Name, count, whole.Inputs, whole.Targets);
        (this.inputs, this.targets) = (inputs, targets);
        fingerprint = new(() => Rows.Hash(Inputs.Zip(this.inputs).Concat(Targets.Zip(this.targets))));
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public ImmutableArray<DataField> Inputs { get; }

    /// <inheritdoc/>
    public ImmutableArray<DataField> Targets { get; }

    /// <inheritdoc/>
    public ImmutableArray<string> Notes { get; internal init; } = [];

    /// <inheritdoc/>
    public string Fingerprint => fingerprint.Value;

    /// <inheritdoc/>
    public Batch Read(ReadOnlySpan<int> indices) => Read(indices, null);

    /// <inheritdoc/>
    public Batch Read(ReadOnlySpan<int> indices, Batch? spent)
    {
        Rows.Check(this, indices, "example");
        int[] chosen = indices.ToArray();
        return new Batch(
            chosen.Length,
            [.. inputs.Select((input, i) => Rows.Take(input, chosen, spent?.Inputs.ElementAtOrDefault(i)))],
            [.. targets.Select((target, i) => Rows.Take(target, chosen, spent?.Targets.ElementAtOrDefault(i)))]
        );
    }

    /// <inheritdoc/>
    public IDataSource Take(ReadOnlySpan<int> indices)
    {
        Batch taken = Read(indices);
        return new ArraySource(this, taken.Count, taken.Inputs, taken.Targets) { Notes = Notes };
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Name}: {Count} examples of {string.Join(", ", Inputs)}"
        + (Targets.IsEmpty ? "" : $" with {string.Join(", ", Targets)}");

    private static DataField InputOf(string name, Tensor array)
    {
        var shape = new Shape(array.Shape.Dims.AsSpan()[1..]);
        return new DataField(name, array.Type, shape)
        {
            IsImage = array.Type == ElementType.UInt8 && shape.Rank is 1 or 3,
        };
    }

    /// <summary>What a target is; a class where it is one integer an example.</summary>
    /// <exception cref="DataException">A class is out of range.</exception>
    internal static DataField TargetOf(string source, string name, Tensor array, int? classes)
    {
        var field = new DataField(name, array.Type, new Shape(array.Shape.Dims.AsSpan()[1..]));
        if (field.Shape.Rank != 0 || !Integers.Are(array))
            return field;
        int[] numbers = Integers.Of(array);
        int all = classes ?? Math.Max(1, numbers.Length == 0 ? 1 : numbers.Max() + 1);
        for (int i = 0; i < numbers.Length; i++)
            if ((uint)numbers[i] >= (uint)all)
                throw new DataException(
                    $"data set '{source}': example {i} has class {numbers[i]} in '{name}', which is outside "
                        + $"0..{all - 1}"
                );
        return field with { Classes = all };
    }

    private static void CheckArrays(string name, IReadOnlyList<KeyValuePair<string, Tensor>> arrays)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, array) in arrays)
        {
            if (!seen.Add(key))
                throw new DataException($"data set '{name}': two arrays are named '{key}'");
            if (array.Shape.Rank == 0)
                throw new DataException($"data set '{name}': '{key}' is a scalar; its axis 0 must count the examples");
            if (array.Shape[0] != arrays[0].Value.Shape[0])
                throw new DataException(
                    $"data set '{name}': '{arrays[0].Key}' has {arrays[0].Value.Shape[0]} examples but '{key}' has "
                        + $"{array.Shape[0]}"
                );
        }
    }
}

/// <summary>Arrays of integers of any type, as 32-bit integers.</summary>
internal static class Integers
{
    /// <summary>Whether an array's elements are integers.</summary>
    public static bool Are(Tensor array) => array.Type.IsInteger();

    /// <summary>The elements; -1 for those outside an int's range, which are outside any class's too.</summary>
    public static int[] Of(Tensor array) =>
        array.Type switch
        {
            ElementType.UInt8 => Array.ConvertAll(array.Array<byte>(), l => (int)l),
            ElementType.Int8 => Array.ConvertAll(array.Array<sbyte>(), l => (int)l),
            ElementType.UInt16 => Array.ConvertAll(array.Array<ushort>(), l => (int)l),
            ElementType.Int16 => Array.ConvertAll(array.Array<short>(), l => (int)l),
            ElementType.Int32 => array.Array<int>(),
            ElementType.UInt32 => Array.ConvertAll(array.Array<uint>(), l => l < int.MaxValue ? (int)l : -1),
            ElementType.Int64 => Array.ConvertAll(array.Array<long>(), l => l is >= 0 and < int.MaxValue ? (int)l : -1),
            ElementType.UInt64 => Array.ConvertAll(array.Array<ulong>(), l => l < int.MaxValue ? (int)l : -1),
            _ => throw new DataException($"{array} are no integers"),
        };
}
