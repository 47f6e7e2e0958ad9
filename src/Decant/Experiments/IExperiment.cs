using Decant.Reports;

namespace Decant.Experiments;

/// <summary>A published experiment that runs again by one command.</summary>
public interface IExperiment
{
    /// <summary>The name that <c>decant reproduce</c> takes.</summary>
    string Name { get; }

    /// <summary>What it shows, in one line.</summary>
    string Description { get; }

    /// <summary>Runs it, going on where an earlier run in the same folder was cut off.</summary>
    /// <param name="setting">Where its data and its runs are, and whether the short form is meant.</param>
    /// <param name="progress">Told what happens, line by line.</param>
    /// <param name="cancellation">Stops; a later run goes on.</param>
    /// <returns>The rows of its table.</returns>
    IReadOnlyList<ResultRow> Run(ExperimentSetting setting, IProgress<string> progress, CancellationToken cancellation);
}
