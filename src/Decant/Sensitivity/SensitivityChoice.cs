using System.Collections.Immutable;
using Decant.Training;
using Decant.Training.Data;

namespace Decant.Sensitivity;

/// <summary>A level for each weight or group, and what the network does when it is pruned at all of them together without retraining.</summary>
/// <param name="Target">The accuracy that was asked for, 0 to 1.</param>
/// <param name="Levels">The level of each, in the network's order; 0 for those that stay as they are.</param>
/// <param name="Score">The score of all together on the images held apart.</param>
/// <param name="Kept">Numbers that are not zero, or channels that are left, of all of them.</param>
/// <param name="Of">Numbers or channels that they have.</param>
public sealed record SensitivityChoice(double Target, ImmutableArray<ChosenLevel> Levels, Score Score, long Kept, long Of)
{
    /// <summary>The technique and its options but for the level, as a recipe gives them.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Settings { get; init; } = [];

    /// <summary>The pixel arithmetic that was asked for; null for the network's own.</summary>
    public Preprocessing? Preprocessing { get; init; }
}
