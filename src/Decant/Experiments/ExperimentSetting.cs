using Decant.Training.Data;

namespace Decant.Experiments;

/// <summary>What an experiment works with.</summary>
/// <param name="Root">Where data sets are looked for.</param>
/// <param name="Folder">Where runs and results go.</param>
/// <param name="Quick">Whether the short form is meant: fewer epochs and one seed; it shows that everything works, not the numbers.</param>
public sealed record ExperimentSetting(DataRoot Root, string Folder, bool Quick);
