using Decant.Core;
using Decant.Training.Data;

namespace Decant.Techniques;

/// <summary>What a technique plans on: a network, the weights that it is meant for, how far along its schedule it is, and what may help it decide.</summary>
/// <param name="Network">The network as it is now.</param>
/// <param name="Weights">The weights that the recipe selects, in the network's order.</param>
/// <param name="Round">The round of the stage, from 1.</param>
/// <param name="Rounds">How many rounds the stage has.</param>
public sealed record TechniqueContext(Network Network, IReadOnlyList<Weight> Weights, int Round = 1, int Rounds = 1)
{
    /// <summary>How far along the schedule: above 0, and 1 in the last round.</summary>
    public double Progress => (double)Round / Rounds;

    /// <summary>Whether the stage trains.</summary>
    public bool Trains { get; init; }

    /// <summary>Decides every random choice.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Training images, those held out apart; null if the run has none.</summary>
    public Dataset? Data { get; init; }

    /// <summary>The pixel arithmetic for <see cref="Data"/>.</summary>
    public Preprocessing Preprocessing { get; init; } = Preprocessing.None;

    /// <summary>The network that the run began with; null unless <see cref="Technique.NeedsReference"/>.</summary>
    public Network? Reference { get; init; }

    /// <summary>Another network to learn from; null unless <see cref="Technique.NeedsTeacher"/>.</summary>
    public Teacher? Teacher { get; init; }

    /// <summary>Statistics of the network's values; null if they are to be gathered from <see cref="Data"/>.</summary>
    public Statistics.NetworkStatistics? Statistics { get; init; }

    /// <summary>Training images, for a technique that cannot do without.</summary>
    /// <param name="what">What needs them, such as "criterion 'taylor'".</param>
    /// <exception cref="DataException">The run has none.</exception>
    public Dataset NeedData(string what) => Data ?? throw new DataException($"{what} needs training images and this run has none: give --data");
}
