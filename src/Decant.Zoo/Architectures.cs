using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Zoo;

/// <summary>Known architectures by name, with weights initialized from a seed.</summary>
public static class Architectures
{
    private static readonly ImmutableSortedDictionary<string, ZooEntry> Entries = new ZooEntry[]
    {
        new("lenet-300-100", "784-300-100-10 multilayer perceptron (LeCun 1998), MNIST", 28, LeNets.LeNet300100),
        new("lenet-5", "Caffe's LeNet-5: 20 and 50 5×5 filters, 500 and 10 units, MNIST", 28, LeNets.LeNet5),
        new("mlp", "784-1024-1024-1024-10 multilayer perceptron, MNIST", 28, LeNets.Mlp),
    }.ToImmutableSortedDictionary(e => e.Name, e => e, StringComparer.Ordinal);

    /// <summary>All entries, by name.</summary>
    public static IEnumerable<ZooEntry> All => Entries.Values;

    /// <summary>Makes a network.</summary>
    /// <param name="name">A name in <see cref="All"/>.</param>
    /// <param name="seed">Decides the initial weights.</param>
    /// <exception cref="ModelException">There is no such name.</exception>
    public static Network Create(string name, ulong seed) =>
        Entries.TryGetValue(name, out var entry) ? entry.Make(seed)
        : throw new ModelException($"the zoo has no '{name}'; it has {string.Join(", ", Entries.Keys)}");
}
