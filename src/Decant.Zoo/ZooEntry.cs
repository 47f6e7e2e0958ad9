using Decant.Core;

namespace Decant.Zoo;

/// <summary>One architecture of the zoo.</summary>
/// <param name="Name">Its name after <c>zoo:</c>.</param>
/// <param name="Description">What it is, in one line.</param>
/// <param name="ImageSize">The side of the square images it takes.</param>
/// <param name="Make">Makes it from a seed.</param>
public sealed record ZooEntry(string Name, string Description, int ImageSize, Func<ulong, Network> Make);
