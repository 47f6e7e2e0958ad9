namespace Decant.Experiments;

/// <summary>One method's points, the least compressed first.</summary>
internal sealed record RateLine(string Name, IReadOnlyList<RatePoint> Points);
