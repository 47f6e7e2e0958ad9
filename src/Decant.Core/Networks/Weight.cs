using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Decant.Core;

/// <summary>A constant of a network: trained numbers, or an operator's constant input such as a target shape.</summary>
/// <param name="Name">The name, unique among the network's values.</param>
/// <param name="Encoding">How its numbers are held.</param>
public sealed record Weight(string Name, Encoding Encoding)
{
    /// <summary>A weight whose numbers are held as they are.</summary>
    public Weight(string name, Tensor values)
        : this(name, new DenseEncoding(values)) { }

    /// <summary>Whether training may change it: floating-point numbers, not an operator's integer input.</summary>
    public bool IsTrainable => Encoding.Type == ElementType.Float32;
}

/// <summary>A network's weights: in a stable order, and by name.</summary>
public sealed class WeightSet : IReadOnlyList<Weight>
{
    private readonly List<Weight> items = [];
    private readonly Dictionary<string, int> byName = new(StringComparer.Ordinal);

    /// <summary>Holds the weights.</summary>
    /// <exception cref="ModelException">Two have the same name.</exception>
    public WeightSet(IEnumerable<Weight> weights)
    {
        foreach (Weight w in weights)
        {
            if (!byName.TryAdd(w.Name, items.Count))
                throw new ModelException($"weight '{w.Name}' is defined twice");
            items.Add(w);
        }
    }

    /// <inheritdoc/>
    public int Count => items.Count;

    /// <inheritdoc/>
    public Weight this[int index] => items[index];

    /// <summary>The weight of a name.</summary>
    /// <exception cref="ModelException">There is none.</exception>
    public Weight this[string name] =>
        TryGet(name, out var w) ? w : throw new ModelException($"the network has no weight '{name}'");

    /// <summary>Looks a weight up.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out Weight? weight)
    {
        weight = byName.TryGetValue(name, out int i) ? items[i] : null;
        return weight is not null;
    }

    /// <inheritdoc/>
    public IEnumerator<Weight> GetEnumerator() => items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
