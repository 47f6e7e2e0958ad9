using Decant.Core;

namespace Decant.Pipelines;

/// <summary>
/// Patterns over weight names: * stands for any characters, ? for one, and \ makes the next character stand for itself.
/// </summary>
internal static class WeightPatterns
{
    /// <summary>
    /// The float weights that patterns match, in the network's order; if there is no pattern, every one with two axes
    /// or more that is not only added, as biases are.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="patterns">The patterns.</param>
    /// <param name="fail">Makes the error where a pattern matches nothing.</param>
    public static IReadOnlyList<Weight> Select(
        Network network,
        IReadOnlyList<string> patterns,
        Func<string, DecantException> fail
    )
    {
        Weight[] trainable = [.. network.Weights.Where(w => w.IsTrainable)];
        if (patterns.Count == 0)
            return [.. trainable.Where(w => w.Encoding.Shape.Rank > 1 && !IsOnlyAdded(network, w.Name))];
        foreach (string pattern in patterns)
            if (!trainable.Any(w => Matches(pattern, w)))
                throw fail(
                    $"'{pattern}' matches no weight; the network has {string.Join(", ", trainable.Select(w => w.Name))}"
                );
        return [.. trainable.Where(w => patterns.Any(p => Matches(p, w)))];
    }

    /// <summary>The pattern that matches one name alone.</summary>
    public static string Exactly(string name) =>
        string.Concat(name.Select(c => c is '*' or '?' or '\\' ? $"\\{c}" : $"{c}"));

    private static bool IsOnlyAdded(Network network, string weight) =>
        network.Graph.Uses(weight) > 0
        && network
            .Graph.Consumers(weight)
            .All(n => n.Inputs.Select((name, i) => name != weight || n.Operator.IsAddend(i)).All(isAdded => isAdded));

    private static bool Matches(string pattern, Weight weight) => NamePattern.Matches(pattern, weight.Name);
}
