using System.Collections.Immutable;
using Decant.Training.Data;

namespace Decant.Sensitivity;

/// <summary>What a sensitivity analysis works with beside the network.</summary>
public sealed record SensitivityOptions
{
    /// <summary>The highest level that may be asked for.</summary>
    public const double MaxLevel = 0.99999;

    /// <summary>The levels that are measured where nobody says otherwise.</summary>
    public static ImmutableArray<double> DefaultLevels { get; } = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];

    /// <summary>The training data. Some of its images are held apart to measure on; techniques that look at images see the others.</summary>
    public required Dataset Train { get; init; }

    /// <summary>The pixel arithmetic; null for the network's own, else pixel / 255.</summary>
    public Preprocessing? Preprocessing { get; init; }

    /// <summary>How many images are held apart, each class in proportion; null for 1,000, or all where there are fewer.</summary>
    public int? Images { get; init; }

    /// <summary>The shares that go, of a weight's numbers or a group's channels, each from 0 to <see cref="MaxLevel"/>. 0 is always among those measured.</summary>
    public ImmutableArray<double> Levels { get; init; } = DefaultLevels;

    /// <summary>Patterns over weight names, as in recipes; none for every weight with two axes or more.</summary>
    public ImmutableArray<string> Weights { get; init; } = [];

    /// <summary>Whether channels are taken out of groups, instead of numbers out of weights: those that the weights make.</summary>
    public bool Structured { get; init; }

    /// <summary>The criterion that ranks what is pruned, by its name in recipes; null for the technique's own.</summary>
    public string? Criterion { get; init; }

    /// <summary>Decides which images are held apart, and every other random choice.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads that the network runs on; 0 for one a processor. They do not change the result.</summary>
    public int Threads { get; init; }

    /// <summary>Where measurements are kept, so that an analysis that was cut off goes on; null to keep none.</summary>
    public string? Folder { get; init; }
}
