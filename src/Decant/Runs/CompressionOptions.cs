using Decant.Core;
using Decant.Techniques.Statistics;
using Decant.Training.Data;

namespace Decant.Runs;

/// <summary>What a compression run works with beside the network and the recipe.</summary>
public sealed record CompressionOptions
{
    /// <summary>The training data; needed by recipes that train.</summary>
    public Dataset? Train { get; init; }

    /// <summary>What accuracies are measured on; null to measure none.</summary>
    public Dataset? Test { get; init; }

    /// <summary>Statistics of the network's values; null if techniques that need them gather them from <see cref="Train"/>.</summary>
    public NetworkStatistics? Statistics { get; init; }

    /// <summary>Another network to learn from, for recipes that say so; null for none.</summary>
    public Network? Teacher { get; init; }

    /// <summary>The pixel arithmetic; null for the recipe's, else the network's own, else pixel / 255.</summary>
    public Preprocessing? Preprocessing { get; init; }

    /// <summary>Decides every random choice.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Where the run keeps its record and checkpoints; null to keep none.</summary>
    public string? RunFolder { get; init; }

    /// <summary>Whether to go on with a run that was cut off in <see cref="RunFolder"/>.</summary>
    public bool Resume { get; init; }

    /// <summary>The least time between checkpoints within an epoch's training; it does not change the result.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromSeconds(5);
}
