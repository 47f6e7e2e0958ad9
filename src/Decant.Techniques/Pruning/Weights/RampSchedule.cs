using Decant.Core;

namespace Decant.Techniques.Pruning;

/// <summary>
/// How a level rises over the rounds of a stage, when no round may prune more than a share of what is left.
/// </summary>
/// <param name="Ramp">The ramp.</param>
/// <param name="Level">Where it ends.</param>
/// <param name="AtMost">The share of what is left that a round may prune at most.</param>
internal sealed record RampSchedule(Ramp Ramp, double Level, double AtMost)
{
    private const int MostRounds = 1000;

    /// <summary>The level at a time from 0 to 1.</summary>
    public double At(double t) =>
        Ramp switch
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
        for (; round <= rounds; round++)
            left = Math.Max(Math.Min(left, 1 - At((double)round / rounds)), left * (1 - AtMost));
        return left <= 1 - Level + tolerance;
    }

    /// <summary>How many rounds would do, from some share left; null if no number that a stage can have.</summary>
    public int? RoundsNeeded(double left)
    {
        for (int rounds = 1; rounds <= MostRounds; rounds++)
            if (Reaches(left, 1, rounds))
                return rounds;
        return null;
    }
}

/// <summary>How a level of pruning rises over the rounds of a stage.</summary>
public enum Ramp
{
    /// <summary>Each round keeps the same share of what is left: 1 − (1 − level)^t.</summary>
    Geometric,

    /// <summary>Level times t.</summary>
    Linear,

    /// <summary>Level times 1 − (1 − t)³ (Zhu, Gupta 2017).</summary>
    Cubic,
}

/// <summary>How much stays in a round.</summary>
internal sealed class PruningTarget(WeightPruningOptions options, TechniqueContext context)
{
    /// <summary>
    /// How many of what is ranked together stay, and why. What is gone stays gone, even if less is asked for now.
    /// </summary>
    /// <exception cref="ModelException">The level cannot be reached in the stage's rounds.</exception>
    public (long Kept, string Why) Of(Candidates[] candidates)
    {
        long left = candidates.Sum(c => (long)c.Left),
            all = candidates.Sum(c => (long)c.Count);
        (long kept, string why) = options.Level is { } level ? ByLevel(level, left, all) : ByThreshold(candidates);
        long least = left - (long)Math.Round(left * options.AtMost);
        if (least > kept)
            why += $", at most {100 * options.AtMost:0.##} % a round";
        return (Math.Min(left, Math.Max(kept, least)), why);
    }

    private (long, string) ByLevel(double level, long left, long all)
    {
        var schedule = new RampSchedule(options.Ramp, level, options.AtMost);
        double share = (double)left / Math.Max(1, all);
        if (
            !schedule.Reaches(
                share,
                context.Round,
                context.Rounds,
                Math.Max(1e-9, (double)context.Rounds / Math.Max(1, all))
            )
        )
            throw new ModelException(
                $"level {level} is not reached in {context.Rounds} round(s) that prune at most "
                    + $"{100 * options.AtMost:0.##} % of the remaining weights; "
                    + (schedule.RoundsNeeded(share) is { } n ? $"{n} rounds would do" : "a higher 'at-most' would do")
            );
        double now = schedule.At(context.Progress);
        return ((long)Math.Round(all * (1 - now)), $"level {now:0.####}");
    }

    private (long, string) ByThreshold(Candidates[] candidates)
    {
        if (options.Sensitivity is not { } s)
        {
            double threshold = options.Threshold!.Value * context.Progress;
            return (candidates.Sum(c => (long)c.CountAtLeast(threshold)), $"threshold = {threshold:0.#####}");
        }
        double quality = s * context.Progress,
            deviation = SensitivityCriterion.StandardDeviation(candidates[0].Weight.Encoding.Decode().Span<float>());
        return (
            candidates[0].CountAtLeast(quality * deviation),
            $"{quality:0.###} × standard deviation = {quality * deviation:0.#####}"
        );
    }
}
