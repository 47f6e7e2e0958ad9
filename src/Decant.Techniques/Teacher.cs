using Decant.Core;
using Decant.Training.Data;

namespace Decant.Techniques;

/// <summary>Another network that a run learns from.</summary>
/// <param name="Network">The network; it takes the run's images and tells its classes apart.</param>
/// <param name="Preprocessing">The pixel arithmetic that it says it was trained with; null if that is not known.</param>
public sealed record Teacher(Network Network, Preprocessing? Preprocessing);
