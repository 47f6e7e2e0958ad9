using Decant.Core;

namespace Decant;

/// <summary>
/// Gives a network of the zoo the numbers of a PyTorch state dictionary. The zoo names its weights as the published
/// PyTorch models do, so names decide; where a file shares none of them, the order does, as long as the kinds (weight,
/// bias, running_mean, …) and shapes agree.
/// </summary>
internal static class StateDictionary
{
    /// <summary>Counts the steps that running statistics saw; inference does not use it.</summary>
    private const string Counter = "num_batches_tracked";

    /// <summary>Names that published models give one and the same layer: the last, fully connected one.</summary>
    private static readonly string[] Classifiers = ["linear.", "fc."];

    /// <summary>The network with the state's numbers.</summary>
    /// <exception cref="ModelException">A weight is missing, is in the state alone, or has another shape; the first
    /// such one is named.</exception>
    public static Network Fill(Network network, IReadOnlyList<KeyValuePair<string, Tensor>> state)
    {
        Weight[] weights = [.. network.Weights.Where(w => w.IsTrainable)];
        KeyValuePair<string, Tensor>[] entries =
        [
            .. state
                .Where(e => Kind(e.Key) != Counter)
                .Select(e => KeyValuePair.Create(Renamed(e.Key, network), e.Value)),
        ];
        Dictionary<string, Tensor> values = entries.Any(e => network.Weights.TryGet(e.Key, out _))
            ? ByName(network, weights, entries)
            : ByOrder(weights, entries);
        return network.With(
            values.ToDictionary(v => v.Key, v => (Encoding)new DenseEncoding(v.Value), StringComparer.Ordinal)
        );
    }

    private static Dictionary<string, Tensor> ByName(
        Network network,
        Weight[] weights,
        KeyValuePair<string, Tensor>[] entries
    )
    {
        var values = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, tensor) in entries)
        {
            if (!network.Weights.TryGet(name, out Weight? weight) || !weight.IsTrainable)
                throw new ModelException(
                    $"'{name}' ({tensor.Shape}) is no weight of {network.Name}: the file is of another network"
                );
            if (!values.TryAdd(name, Fitting(name, tensor, weight)))
                throw new ModelException($"'{name}' comes twice, once under another name");
        }
        return Array.Find(weights, w => !values.ContainsKey(w.Name)) is { } missing
            ? throw new ModelException(
                $"'{missing.Name}' ({missing.Encoding.Shape}), a weight of {network.Name}, is missing: the "
                    + "file is of another network"
            )
            : values;
    }

    private static Dictionary<string, Tensor> ByOrder(Weight[] weights, KeyValuePair<string, Tensor>[] entries)
    {
        for (int i = 0; i < Math.Max(weights.Length, entries.Length); i++)
            if (
                i >= weights.Length
                || i >= entries.Length
                || Kind(weights[i].Name) != Kind(entries[i].Key)
                || weights[i].Encoding.Shape != entries[i].Value.Shape
            )
                throw new ModelException(
                    $"its names are not the network's, and its order is neither: in place {i + 1} it has "
                        + $"{At(i, entries, e => $"'{e.Key}' ({e.Value.Shape})")}, the network "
                        + $"{At(i, weights, w => $"'{w.Name}' ({w.Encoding.Shape})")}"
                );
        return weights
            .Zip(entries)
            .ToDictionary(
                p => p.First.Name,
                p => Fitting(p.Second.Key, p.Second.Value, p.First),
                StringComparer.Ordinal
            );
    }

    private static string At<T>(int place, T[] items, Func<T, string> text) =>
        place < items.Length ? text(items[place]) : "nothing";

    private static string Kind(string name) => name[(name.LastIndexOf('.') + 1)..];

    private static string Renamed(string name, Network network)
    {
        if (
            network.Weights.TryGet(name, out _)
            || Array.Find(Classifiers, c => name.StartsWith(c, StringComparison.Ordinal)) is not { } prefix
        )
            return name;
        return Classifiers
            .Select(c => c + name[prefix.Length..])
            .FirstOrDefault(n => network.Weights.TryGet(n, out _), name);
    }

    private static Tensor Fitting(string name, Tensor tensor, Weight weight) =>
        tensor.Shape != weight.Encoding.Shape
            ? throw new ModelException(
                $"'{name}' has the shape {tensor.Shape}, the network's '{weight.Name}' {weight.Encoding.Shape}"
            )
            : tensor.Type switch
            {
                ElementType.Float32 => tensor,
                ElementType.Float16 => Tensor.Of(tensor.Shape, Array.ConvertAll(tensor.Array<Half>(), x => (float)x)),
                ElementType.Float64 => Tensor.Of(tensor.Shape, Array.ConvertAll(tensor.Array<double>(), x => (float)x)),
                var other => throw new ModelException($"'{name}' holds {other}; weights are floats"),
            };
}
