namespace Decant.Runtime;

/// <summary>How long a layer took in the last run.</summary>
/// <param name="Name">The node.</param>
/// <param name="Form">How it is computed: direct, winograd, sparse, …</param>
/// <param name="Time">How long.</param>
/// <param name="Macs">Multiply-accumulates of the layer as the network states it; 0 where it has none.</param>
public sealed record LayerProfile(string Name, string Form, TimeSpan Time, long Macs);
