using Decant.Core;

namespace Decant.Zoo;

/// <summary>What a layer makes: where a branch of a network starts or ends.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Shape">The shape of what it makes; the batch extent may be unknown.</param>
public readonly record struct LayerValue(string Name, Shape Shape);
