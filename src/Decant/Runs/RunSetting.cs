using Decant.Core;
using Decant.Techniques;
using Decant.Techniques.Statistics;
using Decant.Training.Data;

namespace Decant.Runs;

/// <summary>What techniques may look at beside the network.</summary>
/// <param name="Seed">Decides every random choice.</param>
/// <param name="Data">Training images, those held out apart; null if the run has none.</param>
/// <param name="Preprocessing">The pixel arithmetic.</param>
/// <param name="Reference">The network that the run began with; null where no technique of the run asks for it.</param>
/// <param name="Teacher">Another network to learn from; null if the run has none.</param>
/// <param name="Statistics">Statistics of the network's values; null if they are to be gathered.</param>
internal sealed record RunSetting(ulong Seed, Dataset? Data, Preprocessing Preprocessing, Network? Reference, Teacher? Teacher, NetworkStatistics? Statistics);
