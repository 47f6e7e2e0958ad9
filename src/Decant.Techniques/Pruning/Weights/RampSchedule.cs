using Decant.Core;

namespace Decant.Techniques.Pruning;

/// <summary>How a level rises over the rounds of a stage, when no round may prune more than a share of what is left.</summary>
/// <param name="Ramp">The ramp.</param>
/// <param name="Level">Where it ends.</param>
/// <param name="AtMost">The share of what is left that a round may prune at most.</param>
internal sealed record RampSchedule(Ramp Ramp, double Level, double AtMost)
{
    private const int MostRounds = 1000;

    /// <summary>Reads the option 'ramp'.</summary>
    /// <param name="options">The options of the technique that asks.</param>
    /// <param name="otherwise">The ramp if none is named.</param>
    /// <exception cref="DecantException">There is none of that name.</exception>
    public static Ramp Read(TechniqueOptions options, Ramp otherwise)
    {
        string[] names = Array.ConvertAll(Enum.GetNames<Ramp>(), n => n.ToLowerInvariant());
        string first = names[(int)otherwise];
        return (Ramp)Array.IndexOf(names, options.Word("ramp", [first, .. names.Where(n => n != first)]));
    }

    /// <summary>The level at a time from 0 to 1.</summary>
    public double At(double t) => Ramp switch
    {
        Ramp.Linear => Level * t,
        Ramp.Cubic => Level * (1 - Math.Pow(1 - t, 3)),
        _ => 1 - Math.Pow(1 - Level, t),
    };

    /// <summary>Whether the level is reached.</summary>
    /// <param name="left">The share that is left before the round.</param>
    /// <param name="round">The round, from 1.</param>
    /// <param name="rounds">How many there are.</param>
    /// <param name="tolerance">How far off the share left may be.</param>
    public bool Reaches(double left, int round, int rounds, double tolerance = 1e-9)
    {
        for (; round <= rounds; round++) left = Math.Max(Math.Min(left, 1 - At((double)round / rounds)), left * (1 - AtMost));
        return left <= 1 - Level + tolerance;
    }

    /// <summary>How many rounds would do, from some share left; null if no number that a stage can have.</summary>
    public int? RoundsNeeded(double left)
    {
        for (int rounds = 1; rounds <= MostRounds; rounds++)
            if (Reaches(left, 1, rounds)) return rounds;
        return null;
    }
}
