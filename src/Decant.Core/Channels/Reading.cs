namespace Decant.Core.Channels;

/// <summary>A node that reads the channels of a value with an axis of a weight.</summary>
internal sealed record Reading(Node Node, string Value, string Weight, int Axis);
