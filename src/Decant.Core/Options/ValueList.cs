using System.Collections;
using System.Runtime.CompilerServices;

namespace Decant.Core;

/// <summary>An immutable list that equals another with equal elements in the same order, for use in records.</summary>
/// <typeparam name="T">The type of an element.</typeparam>
[CollectionBuilder(typeof(ValueList), nameof(ValueList.Create))]
public sealed class ValueList<T> : IReadOnlyList<T>, IEquatable<ValueList<T>>
{
    private readonly T[] items;

    internal ValueList(ReadOnlySpan<T> items) => this.items = items.ToArray();

    /// <inheritdoc/>
    public int Count => items.Length;

    /// <inheritdoc/>
    public T this[int index] => items[index];

    /// <inheritdoc/>
    public bool Equals(ValueList<T>? other) => other is not null && items.AsSpan().SequenceEqual(other.items);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ValueList<T>);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (T item in items)
            hash.Add(item);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)items).GetEnumerator();

    /// <summary>The elements with commas between.</summary>
    public override string ToString() => string.Join(", ", items);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Makes lists that are equal by value.</summary>
public static class ValueList
{
    /// <summary>A list of some elements, which are copied.</summary>
    /// <typeparam name="T">The type of an element.</typeparam>
    /// <param name="items">The elements.</param>
    public static ValueList<T> Create<T>(params ReadOnlySpan<T> items) => new(items);
}
