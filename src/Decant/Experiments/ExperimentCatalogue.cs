using Decant.Core;

namespace Decant.Experiments;

/// <summary>Every experiment there is: one line each.</summary>
public static class ExperimentCatalogue
{
    /// <summary>The experiments.</summary>
    public static IReadOnlyList<IExperiment> All { get; } = [new DeepCompression(), new ArchitectureLearning()];

    /// <summary>Finds an experiment.</summary>
    /// <exception cref="DecantException">There is none of that name.</exception>
    public static IExperiment Find(string name) => All.FirstOrDefault(e => e.Name == name)
        ?? throw new DecantException($"there is no experiment '{name}'; there are: {string.Join(", ", All.Select(e => e.Name))}");
}
