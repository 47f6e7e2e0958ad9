using Decant.Training.Data;

namespace Decant.Experiments;

/// <summary>What an experiment works with.</summary>
/// <param name="Root">Where data sets are looked for.</param>
/// <param name="Folder">Where runs and results go.</param>
/// <param name="Quick">Whether the short form is meant: fewer epochs and one seed; it shows that everything works, not the numbers.</param>
public sealed record ExperimentSetting(DataRoot Root, string Folder, bool Quick)
{
    /// <summary>The data set to work with: the one that is meant, but digits drawn on the spot where the short form finds none.</summary>
    /// <param name="set">The set that is meant.</param>
    public string SetFor(string set) => Quick && Root.Look(set) is null ? "digits" : set;
}
