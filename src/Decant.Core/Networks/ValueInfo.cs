namespace Decant.Core;

/// <summary>A named input or output of a network.</summary>
/// <param name="Name">The name, unique in the network.</param>
/// <param name="Type">Its element type and shape.</param>
public sealed record ValueInfo(string Name, TensorType Type);
