using Decant.Core;
using Decant.Data;

namespace Decant.Reports;

/// <summary>
/// When a metric has collapsed: more than half is gone of what it was above chance, and more than three standard errors
/// of a share on so many examples. Of decibels, it is the part of the answers' energy that is no noise; a metric of
/// which less is better has collapsed when it has more than doubled.
/// </summary>
internal static class MetricCollapse
{
    private const double Half = 0.5,
        StandardErrors = 3;

    /// <summary>Whether the primary metric collapsed from one score to another.</summary>
    /// <param name="before">The score before.</param>
    /// <param name="after">The score after.</param>
    /// <param name="chance">The primary metric's value of answers that say nothing.</param>
    public static bool IsBetween(Score before, Score after, double chance)
    {
        if (before.Primary.Direction == MetricDirection.LowerIsBetter)
            return before.Primary.Value > 0 && Half * after.Primary.Value > before.Primary.Value;
        double was = Quality(before.Primary, chance),
            lost = was - Quality(after.Primary, chance);
        return lost > Half * was && lost > StandardErrors * 0.5 / Math.Sqrt(after.Count);
    }

    /// <summary>How much of what was lost a score has again: 0 as after, 1 as before.</summary>
    public static double Regained(Score score, Score before, Score after, double chance)
    {
        double low = Quality(after.Primary, chance),
            high = Quality(before.Primary, chance);
        return high > low ? (Quality(score.Primary, chance) - low) / (high - low) : 0;
    }

    private static double Quality(MetricValue value, double chance) =>
        value.Unit == "dB" ? Math.Max(0, 1 - Math.Pow(10, -value.Value / 10))
        : value.Direction == MetricDirection.LowerIsBetter ? -value.Value
        : Math.Max(0, value.Value - chance);
}

/// <summary>
/// Which layer is to blame that a stage made the metric collapse: each weight that the stage changed gets its former
/// value back, alone, in the network after the stage. Where none of them helps, each is changed alone in the network
/// before it.
/// </summary>
/// <param name="before">The network before the stage.</param>
/// <param name="after">The network after it.</param>
/// <param name="score">Scores a network on some examples.</param>
/// <param name="chance">The primary metric's value of answers that say nothing.</param>
internal sealed class LayerBlame(Network before, Network after, Func<Network, Score> score, double chance)
{
    // What a single weight must give back, or take, of what the stage lost to be named.
    private const double Share = 0.25;

    /// <summary>What is found, to follow a colon; null if no weight alone makes a difference.</summary>
    public string? Find()
    {
        Weight[] changed = [.. after.Weights.Where(IsChanged)];
        if (changed.Length == 0)
            return null;
        Score was = score(before),
            now = score(after);
        double Regained(Score s) => MetricCollapse.Regained(s, was, now, chance);
        (Weight weight, Score best) = Most(changed, w => With(after, before, w), s => Regained(s));
        if (Regained(best) >= Share)
            return $"{Name(weight)} is to blame; with its former weight {Text(best)}";
        (weight, Score worst) = Most(changed, w => With(before, after, w), s => -Regained(s));
        return 1 - Regained(worst) >= Share
            ? $"no layer alone is to blame; changed alone, {Name(weight)} loses most: {Text(worst)}"
            : null;
    }

    private (Weight Weight, Score Score) Most(
        Weight[] changed,
        Func<Weight, Network> trial,
        Func<Score, double> value
    ) => changed.Select(w => (Weight: w, Score: score(trial(w)))).MaxBy(t => value(t.Score));

    private bool IsChanged(Weight weight) =>
        weight is { IsTrainable: true, Encoding.Shape.Rank: > 1 }
        && before.Weights.TryGet(weight.Name, out Weight? former)
        && former.Encoding.Shape.Equals(weight.Encoding.Shape)
        && !former.Encoding.Decode().Bytes().SequenceEqual(weight.Encoding.Decode().Bytes());

    private static Network With(Network network, Network other, Weight weight) =>
        network.With(
            new Dictionary<string, Encoding>(StringComparer.Ordinal)
            {
                [weight.Name] = other.Weights[weight.Name].Encoding,
            }
        );

    private string Name(Weight weight) =>
        after.Nodes.FirstOrDefault(n => n.Inputs.Contains(weight.Name, StringComparer.Ordinal))
            is { Name: { Length: > 0 } layer }
            ? $"layer {layer} ({weight.Name})"
            : weight.Name;

    private static string Text(Score score) => $"{score.Primary.Text} on {score.Count:N0} examples";
}
