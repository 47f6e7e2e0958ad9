using System.Collections;
using System.Collections.Immutable;

namespace Decant.Core;

/// <summary>
/// An operator's attributes by name. Values are <see cref="long"/>, <see cref="float"/>, <see cref="string"/>,
/// <see cref="ImmutableArray{T}"/> of <see cref="long"/> or <see cref="float"/> or <see cref="string"/>,
/// <see cref="Tensor"/>, or a <see cref="Network"/> that the operator runs.
/// </summary>
public sealed class Attributes : IEnumerable<KeyValuePair<string, object>>
{
    private readonly ImmutableSortedDictionary<string, object> values;

    /// <summary>Holds attributes.</summary>
    /// <exception cref="ModelException">A value is of another type.</exception>
    public Attributes(IEnumerable<KeyValuePair<string, object>> values)
    {
        this.values = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, values);
        foreach (var (name, value) in this.values)
            if (
                value
                is not (
                    long
                    or float
                    or string
                    or Core.Tensor
                    or Network
                    or ImmutableArray<long>
                    or ImmutableArray<float>
                    or ImmutableArray<string>
                )
            )
                throw new ModelException($"attribute '{name}' is of a kind that is not supported");
    }

    /// <summary>Holds attributes given as pairs.</summary>
    public Attributes(params ReadOnlySpan<(string Name, object Value)> values)
        : this(values.ToArray().Select(p => KeyValuePair.Create(p.Name, p.Value))) { }

    /// <summary>No attributes.</summary>
    public static Attributes None { get; } = new();

    /// <summary>How many there are.</summary>
    public int Count => values.Count;

    /// <summary>Whether an attribute is given.</summary>
    public bool Has(string name) => values.ContainsKey(name);

    /// <summary>An integer.</summary>
    public long Int(string name, long otherwise) => Get(name, otherwise);

    /// <summary>An integer that must be given.</summary>
    public long Int(string name) =>
        Has(name) ? Get(name, 0L) : throw new ModelException($"attribute '{name}' is missing");

    /// <summary>An integer of 32 bits.</summary>
    /// <exception cref="ModelException">It does not fit 32 bits.</exception>
    public int Int32(string name, long otherwise) => Narrow(name, Int(name, otherwise));

    /// <summary>An integer of 32 bits that must be given.</summary>
    /// <exception cref="ModelException">It is missing, or does not fit 32 bits.</exception>
    public int Int32(string name) => Narrow(name, Int(name));

    /// <summary>A yes or no, stored as 1 or 0.</summary>
    public bool Flag(string name, bool otherwise = false) => Get(name, otherwise ? 1L : 0L) != 0;

    /// <summary>A number.</summary>
    public float Float(string name, float otherwise) => Get(name, otherwise);

    /// <summary>A word.</summary>
    public string Text(string name, string otherwise) => Get(name, otherwise);

    /// <summary>Integers; empty if left out.</summary>
    public ImmutableArray<long> Ints(string name) => Get(name, ImmutableArray<long>.Empty);

    /// <summary>Numbers; empty if left out.</summary>
    public ImmutableArray<float> Floats(string name) => Get(name, ImmutableArray<float>.Empty);

    /// <summary>Words; empty if left out.</summary>
    public ImmutableArray<string> Texts(string name) => Get(name, ImmutableArray<string>.Empty);

    /// <summary>A tensor; null if left out.</summary>
    public Core.Tensor? Tensor(string name) => values.TryGetValue(name, out var v) ? Typed<Core.Tensor>(name, v) : null;

    /// <summary>A network that the operator runs.</summary>
    /// <exception cref="ModelException">It is missing.</exception>
    public Network Body(string name) =>
        values.TryGetValue(name, out object? value)
            ? Typed<Network>(name, value)
            : throw new ModelException($"attribute '{name}' is missing; it is the graph that the operator runs");

    /// <summary>These attributes with one set.</summary>
    public Attributes With(string name, object value) => new(values.SetItem(name, value));

    /// <summary>These attributes with some left out.</summary>
    public Attributes Without(params IEnumerable<string> names) => new(values.RemoveRange(names));

    /// <summary>Checks that there are no others than these.</summary>
    /// <exception cref="ModelException">There is another.</exception>
    public void EnsureOnly(params ReadOnlySpan<string> known)
    {
        foreach (string name in values.Keys)
            if (!known.Contains(name))
                throw new ModelException(
                    $"attribute '{name}' is not known; there are: "
                        + $"{(known.IsEmpty ? "none" : string.Join(", ", known.ToArray()))}"
                );
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object>> GetEnumerator() => values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static int Narrow(string name, long value) =>
        value is >= int.MinValue and <= int.MaxValue
            ? (int)value
            : throw new ModelException($"attribute '{name}' is {value}, which does not fit 32 bits");

    private T Get<T>(string name, T otherwise) => values.TryGetValue(name, out var v) ? Typed<T>(name, v) : otherwise;

    private static T Typed<T>(string name, object value) =>
        value is T typed
            ? typed
            : throw new ModelException($"attribute '{name}' is a {value.GetType().Name}, not a {typeof(T).Name}");
}
