using Decant.Core;
using Decant.Techniques.Groups;

namespace Decant.Pipelines;

/// <summary>
/// Patterns over weight names: * stands for any characters, ? for one, and \ makes the next character stand for itself.
/// </summary>
internal static class WeightPatterns
{
    /// <summary>
    /// The float weights that patterns match, in the network's order; if there is no pattern, every one that a layer
    /// multiplies by or looks up.
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
            return [.. LayerWeights.In(network)];
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

    private static bool Matches(string pattern, Weight weight) => NamePattern.Matches(pattern, weight.Name);
}
