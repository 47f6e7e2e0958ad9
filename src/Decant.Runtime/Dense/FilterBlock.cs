namespace Decant.Runtime.Dense;

/// <summary>Some output channels of filters that one tile computes.</summary>
/// <param name="Channel">The first channel.</param>
/// <param name="Vectors">How many vectors hold them.</param>
/// <param name="Channels">How many channels there are.</param>
internal readonly record struct FilterBlock(int Channel, int Vectors, int Channels);
