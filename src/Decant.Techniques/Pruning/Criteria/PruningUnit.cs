using System.Collections.Immutable;

namespace Decant.Techniques.Pruning;

/// <summary>What stays or goes as a whole: a block, a neuron, a filter, a channel, a layer.</summary>
/// <param name="Name">Unique among the units of a call; for messages and random scores.</param>
/// <param name="Regions">The numbers that a criterion on weights sees.</param>
/// <param name="Values">Where the unit lies in computed values, for criteria on activations; may be empty.</param>
public sealed record PruningUnit(string Name, ImmutableArray<WeightRegion> Regions, ImmutableArray<ValueRegion> Values);
