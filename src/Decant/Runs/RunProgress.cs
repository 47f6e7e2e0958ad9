using Decant.Training;

namespace Decant.Runs;

/// <summary>Where a run is.</summary>
/// <param name="Stage">The stage's name.</param>
/// <param name="Round">The round, from 1.</param>
/// <param name="Rounds">Rounds of the stage.</param>
/// <param name="What">What happens, in a few words.</param>
/// <param name="Epoch">The epoch just done; null outside training.</param>
/// <param name="Done">The share of all training done, 0 to 1.</param>
public sealed record RunProgress(string Stage, int Round, int Rounds, string What, EpochMetrics? Epoch, double Done);
