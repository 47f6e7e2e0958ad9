using System.Collections.Immutable;
using Decant.Data;
using Decant.Techniques.Pruning;

namespace Decant.Sensitivity;

/// <summary>What a sensitivity analysis works with beside the network.</summary>
public sealed record SensitivityOptions
{
    /// <summary>The highest level that may be asked for.</summary>
    public const double MaxLevel = 0.99999;

    /// <summary>The levels that are measured where nobody says otherwise.</summary>
    public static ImmutableArray<double> DefaultLevels { get; } =
    [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];

    /// <summary>
    /// The training data. Some of its images become the validation set; techniques that look at images see the
    /// others.
    /// </summary>
    public required IDataSource Train { get; init; }

    /// <summary>
    /// What the network's outputs mean; null for classification where the data have classes that the network tells
    /// apart, else fidelity to the network as it is.
    /// </summary>
    public LearningTask? Task { get; init; }

    /// <summary>What is done to pixels; null for the network's own, else pixel / 255.</summary>
    public Preprocessing? Preprocessing { get; init; }

    /// <summary>
    /// How many images the validation set has, each class in proportion; null for 1,000, or all where there are fewer.
    /// </summary>
    public int? Images { get; init; }

    /// <summary>
    /// The shares that go, of a weight's numbers or a group's channels, each from 0 to <see cref="MaxLevel"/>. 0 is
    /// always among those measured.
    /// </summary>
    public ImmutableArray<double> Levels { get; init; } = DefaultLevels;

    /// <summary>
    /// Patterns over weight names, as in recipes; none for every weight that a layer multiplies by or looks up.
    /// </summary>
    public ImmutableArray<string> Weights { get; init; } = [];

    /// <summary>
    /// Whether channels are taken out of groups, instead of numbers out of weights: those that the weights make.
    /// </summary>
    public bool Structured { get; init; }

    /// <summary>
    /// The criterion that ranks what is pruned; null for the technique's own.
    /// </summary>
    public Criterion? Criterion { get; init; }

    /// <summary>Decides which images are the validation set, and every other random choice.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads that the network runs on; 0 for one a processor. They do not change the result.</summary>
    public int Threads { get; init; }

    /// <summary>Where measurements are kept, so that an interrupted analysis resumes; null to keep none.</summary>
    public string? Folder { get; init; }
}

/// <summary>What decides an analysis's result: it may be resumed only with the same.</summary>
/// <param name="Network">SHA-256 of the network as a container.</param>
/// <param name="Data">The training data, with its fingerprint.</param>
/// <param name="Preprocessing">What is done to pixels.</param>
/// <param name="Images">How many images the validation set has.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Pruning">The technique and its options.</param>
/// <param name="Targets">What is pruned, a name a line.</param>
/// <param name="Levels">The levels.</param>
/// <param name="Decant">Decant's version.</param>
/// <param name="Task">What the network's outputs mean.</param>
internal sealed record SensitivityIdentity(
    string Network,
    string Data,
    string Preprocessing,
    int Images,
    ulong Seed,
    string Pruning,
    string Targets,
    string Levels,
    string Decant,
    string Task = "classification"
)
{
    /// <summary>In what another differs, in words.</summary>
    public IEnumerable<string> Differences(SensitivityIdentity other) =>
        new[]
        {
            ("network", Network, other.Network),
            ("data", Data, other.Data),
            ("preprocessing", Preprocessing, other.Preprocessing),
            ("number of images", $"{Images}", $"{other.Images}"),
            ("seed", $"{Seed}", $"{other.Seed}"),
            ("criterion or technique", Pruning, other.Pruning),
            ("what is pruned", Targets, other.Targets),
            ("levels", Levels, other.Levels),
            ("task", Task, other.Task),
            ("version of Decant", Decant, other.Decant),
        }
            .Where(d => d.Item2 != d.Item3)
            .Select(d => d.Item1);
}

/// <summary>Where an analysis is.</summary>
/// <param name="What">What is measured: a weight's name, or the levels of a recipe together.</param>
/// <param name="Done">The share of measurements done, 0 to 1.</param>
public sealed record SensitivityProgress(string What, double Done);
