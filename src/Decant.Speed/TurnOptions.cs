namespace Decant.Speed;

/// <summary>How contenders take turns.</summary>
public sealed record TurnOptions
{
    /// <summary>How often each has its turn.</summary>
    public int Rounds { get; init; } = 20;

    /// <summary>Timed runs of each over all its turns; null for as many as <see cref="Seconds"/> allow, and no fewer than one a turn.</summary>
    public int? Runs { get; init; }

    /// <summary>The time of each over all its turns, where <see cref="Runs"/> is not given.</summary>
    public double Seconds { get; init; } = 2;

    /// <summary>Milliseconds of untimed runs that begin each turn: the other's numbers leave the caches.</summary>
    public double WarmUp { get; init; } = 10;

    /// <summary>Milliseconds of silence before each turn, in which threads that wait for work spinning fall asleep.</summary>
    public int Rest { get; init; } = 50;
}
