using System.Collections.Immutable;

namespace Decant.Core;

/// <summary>What removing constant channels left.</summary>
/// <param name="Network">The network without them.</param>
/// <param name="Removed">What was removed, in order.</param>
public sealed record ConstantRemoval(Network Network, ImmutableArray<RemovedChannels> Removed);
