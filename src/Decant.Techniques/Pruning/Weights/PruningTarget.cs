using Decant.Core;

namespace Decant.Techniques.Pruning;

/// <summary>How much stays in a round.</summary>
internal sealed class PruningTarget(WeightPruningOptions options, TechniqueContext context)
{
    /// <summary>How many of what is ranked together stay, and why. What is gone stays gone, even if less is asked for now.</summary>
    /// <exception cref="ModelException">The level cannot be reached in the stage's rounds.</exception>
    public (long Kept, string Why) Of(Candidates[] candidates)
    {
        long left = candidates.Sum(c => (long)c.Left), all = candidates.Sum(c => (long)c.Count);
        (long kept, string why) = options.Level is { } level ? ByLevel(level, left, all) : ByThreshold(candidates);
        long least = left - (long)Math.Round(left * options.AtMost);
        if (least > kept) why += $", at most {100 * options.AtMost:0.##} % a round";
        return (Math.Min(left, Math.Max(kept, least)), why);
    }

    private (long, string) ByLevel(double level, long left, long all)
    {
        var schedule = new RampSchedule(options.Ramp, level, options.AtMost);
        double share = (double)left / Math.Max(1, all);
        if (!schedule.Reaches(share, context.Round, context.Rounds, Math.Max(1e-9, (double)context.Rounds / Math.Max(1, all))))
            throw new ModelException($"level {level} is not reached in {context.Rounds} round(s) that prune at most {100 * options.AtMost:0.##} % of what is left{(schedule.RoundsNeeded(share) is { } n ? $"; {n} rounds would do" : "; a higher 'at-most' would do")}");
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
        double quality = s * context.Progress, deviation = SensitivityCriterion.StandardDeviation(candidates[0].Weight.Encoding.Decode().Span<float>());
        return (candidates[0].CountAtLeast(quality * deviation), $"{quality:0.###} × standard deviation = {quality * deviation:0.#####}");
    }
}
