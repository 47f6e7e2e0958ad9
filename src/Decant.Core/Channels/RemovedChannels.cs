namespace Decant.Core;

/// <summary>Channels that were removed from a group for one reason.</summary>
/// <param name="Group">The group's name.</param>
/// <param name="Count">How many channels were removed.</param>
/// <param name="Why"><c>constant</c>: the channel did not depend on the input; <c>unread</c>: nothing depended on it.</param>
public sealed record RemovedChannels(string Group, int Count, string Why);
