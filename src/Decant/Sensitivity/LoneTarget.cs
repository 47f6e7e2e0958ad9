using System.Collections.Immutable;

namespace Decant.Sensitivity;

/// <summary>What is pruned alone: a weight, or a group of channels.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Of">How many numbers or channels it has.</param>
/// <param name="Weights">The weights by which a recipe names it.</param>
internal sealed record LoneTarget(string Name, long Of, ImmutableArray<string> Weights);
