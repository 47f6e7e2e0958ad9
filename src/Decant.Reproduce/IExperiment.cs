using System.Globalization;
using Decant.Data;
using Decant.Reports;
using Decant.Torch;

namespace Decant.Reproduce;

/// <summary>A published experiment that runs again by one command.</summary>
public interface IExperiment
{
    /// <summary>The name that <c>decant reproduce</c> takes.</summary>
    string Name { get; }

    /// <summary>What it shows, in one line.</summary>
    string Description { get; }

    /// <summary>Runs it, or resumes an earlier run in the same folder.</summary>
    /// <param name="setting">Where its data and its runs are, and whether the short form is meant.</param>
    /// <param name="progress">Told what happens, line by line.</param>
    /// <param name="cancellation">Stops; a later run resumes.</param>
    /// <returns>The rows of its table.</returns>
    IReadOnlyList<ResultRow> Run(ExperimentSetting setting, IProgress<string> progress, CancellationToken cancellation);
}

/// <summary>What an experiment works with.</summary>
/// <param name="Root">Where data sets are looked for.</param>
/// <param name="Folder">Where runs and results go.</param>
/// <param name="Quick">Whether the short form is meant: fewer epochs and one seed; it shows that everything works, not
/// the numbers.</param>
/// <param name="Torch">What runs ask of libtorch; null for the usual.</param>
public sealed record ExperimentSetting(DataRoot Root, string Folder, bool Quick, TorchSettings? Torch = null)
{
    /// <summary>
    /// The data set to work with: the one that is meant, but generated digits where the short form finds none.
    /// </summary>
    /// <param name="set">The set that is meant.</param>
    public string SetFor(string set) => Quick && Root.Look(set) is null ? "digits" : set;
}

/// <summary>One measurement over several seeds.</summary>
internal sealed record Seeds(IReadOnlyList<double> Values)
{
    /// <summary>The mean.</summary>
    public double Mean => Values.Average();

    /// <summary>The largest less the smallest.</summary>
    public double Spread => Values.Max() - Values.Min();

    /// <summary>The smallest and the largest, as a row's name shows them.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Values.Min():0.00} to {Values.Max():0.00}");
}
