using Decant.Recipes;

namespace Decant.Experiments;

/// <summary>How far, how fast and how long tickets are looked for.</summary>
/// <param name="Rounds">Rounds of pruning.</param>
/// <param name="Keep">The share of a hidden layer that a round keeps; of the output layer half as much is pruned.</param>
/// <param name="Watched">The rounds whose masks are also trained from other starts.</param>
/// <param name="HoldOut">Training images held out.</param>
internal sealed record TicketPlan(int Rounds, double Keep, IReadOnlyList<int> Watched, int HoldOut)
{
    /// <summary>The paper's: 20 % of what is left a round, down to 1.9 %.</summary>
    public static TicketPlan Full { get; } = new(18, 0.8, [3, 6, 9, 12, 15, 18], 5000);

    /// <summary>Two great leaps.</summary>
    public static TicketPlan Quick { get; } = new(2, 0.25, [2], 500);

    /// <summary>How every arm trains, dense or not.</summary>
    public Recipe Training { get; } = RecipeReader.Read($$"""
        recipe: lottery-ticket
        hold-out: {{HoldOut}}
        stages:
          - {name: train, epochs: 4, batch: 60, learning-rate: 0.0012}
        """, "lottery-ticket");

    /// <summary>Prunes a trained network, layer by layer, to what a round leaves.</summary>
    public Recipe Pruning(int round)
    {
        FormattableString text = $$"""
            recipe: lottery-ticket-mask
            techniques:
              hidden: {technique: weight-pruning, weights: [fc1.weight, fc2.weight], level: {{1 - Math.Pow(Keep, round):0.######}}}
              output: {technique: weight-pruning, weights: fc3.weight, level: {{1 - Math.Pow((1 + Keep) / 2, round):0.######}}}
            stages:
              - {name: prune, use: [hidden, output]}
            """;
        return RecipeReader.Read(FormattableString.Invariant(text), "lottery-ticket-mask");
    }
}
