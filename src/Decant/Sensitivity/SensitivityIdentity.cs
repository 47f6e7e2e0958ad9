namespace Decant.Sensitivity;

/// <summary>What decides an analysis's result: it may be gone on with only with the same.</summary>
/// <param name="Network">SHA-256 of the network as a container.</param>
/// <param name="Data">The training data, with the SHA-256 of its images and labels.</param>
/// <param name="Preprocessing">The pixel arithmetic.</param>
/// <param name="Images">How many images are held apart.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Pruning">The technique and its options.</param>
/// <param name="Targets">What is pruned, a name a line.</param>
/// <param name="Levels">The levels.</param>
/// <param name="Decant">Decant's version.</param>
internal sealed record SensitivityIdentity(
    string Network, string Data, string Preprocessing, int Images, ulong Seed, string Pruning, string Targets, string Levels, string Decant)
{
    /// <summary>In what another differs, in words.</summary>
    public IEnumerable<string> Differences(SensitivityIdentity other) => new[]
    {
        ("network", Network, other.Network), ("data", Data, other.Data), ("preprocessing", Preprocessing, other.Preprocessing),
        ("number of images", $"{Images}", $"{other.Images}"), ("seed", $"{Seed}", $"{other.Seed}"), ("criterion or technique", Pruning, other.Pruning),
        ("what is pruned", Targets, other.Targets), ("levels", Levels, other.Levels), ("version of Decant", Decant, other.Decant),
    }.Where(d => d.Item2 != d.Item3).Select(d => d.Item1);
}
