using Decant.Core;
using Decant.Techniques;
using Decant.Techniques.Pruning;

namespace Decant.Tests.Techniques.Pruning.Criteria;

/// <summary>Criteria made from options as a recipe gives them.</summary>
internal static class Of
{
    public static Criterion Criterion(string name, params (string Name, string Value)[] more) =>
        Decant.Techniques.Pruning.Criterion.Parse(
            $"{name}({string.Join(", ", more.Select(o => $"{o.Name}: {o.Value}"))})"
        );

    /// <summary>A unit of whole rows of weights.</summary>
    public static PruningUnit Rows(Network network, int row, params string[] weights) =>
        new($"unit {row}", [.. weights.Select(w => WeightRegion.Slice(network.Weights[w], 0, row))], []);
}
