using Decant.Core;
using Decant.Pipelines;
using Decant.Runs;
using Decant.Techniques.Pruning;
using Decant.Training;

namespace Decant.Reproduce;

/// <summary>What one round of pruning came to.</summary>
/// <param name="Round">The round; 0 for the dense network.</param>
/// <param name="Left">The share of weights left.</param>
/// <param name="Ticket">From the original start.</param>
/// <param name="Fresh">The same mask from a fresh start; null where it was not tried.</param>
/// <param name="Signs">The same mask from the original signs with one size a layer; null where it was not
/// tried.</param>
internal sealed record TicketLevel(int Round, double Left, TicketArm Ticket, TicketArm? Fresh, TicketArm? Signs);

/// <summary>One network trained.</summary>
/// <param name="Accuracy">On the test images, in percent.</param>
/// <param name="Early">On held-out images after the first epoch, in percent.</param>
internal sealed record TicketArm(double Accuracy, double Early);

/// <summary>How far, how fast and how long tickets are looked for.</summary>
/// <param name="Rounds">Rounds of pruning.</param>
/// <param name="Keep">The share of a hidden layer that a round keeps; of the output layer half as much is
/// pruned.</param>
/// <param name="Watched">The rounds whose masks are also trained from other starts.</param>
/// <param name="HoldOut">Training images held out.</param>
internal sealed record TicketPlan(int Rounds, double Keep, IReadOnlyList<int> Watched, int HoldOut)
{
    /// <summary>The paper's: 20 % of what is left a round, down to 1.9 %.</summary>
    public static TicketPlan Full { get; } = new(18, 0.8, [3, 6, 9, 12, 15, 18], 5000);

    /// <summary>Two great leaps.</summary>
    public static TicketPlan Quick { get; } = new(2, 0.25, [2], 500);

    /// <summary>How every arm trains, dense or not.</summary>
    public Pipeline Training { get; } =
        ExperimentRecipes.Training(
            "lottery-ticket",
            new TrainingOptions
            {
                Epochs = 4,
                BatchSize = 60,
                LearningRate = 0.0012,
            },
            HoldOut
        );

    /// <summary>Prunes a trained network, layer by layer, to what a round leaves.</summary>
    public Pipeline Pruning(int round) =>
        new()
        {
            Name = "lottery-ticket-mask",
            Stages =
            [
                new PipelineStage
                {
                    Name = "prune",
                    Uses =
                    [
                        Pruned("hidden", Keep, round, "fc1.weight", "fc2.weight"),
                        Pruned("output", (1 + Keep) / 2, round, "fc3.weight"),
                    ],
                },
            ],
        };

    private static TechniqueUse Pruned(string name, double keep, int round, params ValueList<string> weights) =>
        new(name, new WeightPruning(new WeightPruningOptions { Level = Math.Round(1 - Math.Pow(keep, round), 6) }))
        {
            Weights = weights,
        };
}

/// <summary>Iterative magnitude pruning of one start, and what its masks are worth over other starts.</summary>
internal sealed class TicketSeries(ExperimentRuns work, TicketPlan plan, ulong seed)
{
    private readonly Network initial = GlorotStart.Of(Models.Load("zoo:lenet-300-100"), seed);

    /// <summary>Trains, prunes, rewinds, and so on; each round as it is finished.</summary>
    public IEnumerable<TicketLevel> Run()
    {
        (Network trained, TicketArm dense) = Train("dense", initial);
        yield return new TicketLevel(0, 1, dense, null, null);
        for (int round = 1; round <= plan.Rounds; round++)
        {
            Network mask = new Compressor(plan.Pruning(round), new CompressionOptions()).Run(trained, null).Network;
            (trained, TicketArm ticket) = Train($"ticket-{round:00}", Tickets.Rewound(mask, initial));
            yield return Level(round, mask, ticket);
        }
    }

    private TicketLevel Level(int round, Network mask, TicketArm ticket)
    {
        if (!plan.Watched.Contains(round))
            return new TicketLevel(round, Tickets.Left(mask), ticket, null, null);
        Network fresh = GlorotStart.Of(initial, Rng.Derive(seed, "fresh", round));
        return new TicketLevel(
            round,
            Tickets.Left(mask),
            ticket,
            Train($"fresh-{round:00}", Tickets.Rewound(mask, fresh)).Arm,
            Train($"signs-{round:00}", Tickets.Rewound(mask, Tickets.SignedConstants(initial))).Arm
        );
    }

    private (Network Network, TicketArm Arm) Train(string arm, Network start)
    {
        string name = $"seed{seed}-{arm}";
        var (network, report) = work.Compress(name, start, plan.Training, seed);
        return (network, new TicketArm(100 * report.After!.Primary.Value, work.HeldOutAccuracy(name, 1)));
    }
}

/// <summary>
/// What the kept weights of a pruned network are set to before it is trained again; biases too go back to their start.
/// </summary>
internal static class Tickets
{
    /// <summary>
    /// The mask of a pruned network over other values (Frankle and Carbin 2019: its own initial ones).
    /// </summary>
    /// <param name="pruned">Says which numbers are kept: those of its sparse weights.</param>
    /// <param name="values">Says what they are; of the same shapes.</param>
    public static Network Rewound(Network pruned, Network values) =>
        pruned.With(
            pruned
                .Weights.Where(w => w.IsTrainable)
                .ToDictionary(
                    w => w.Name,
                    w =>
                        w.Encoding is SparseEncoding mask
                            ? Over(mask, values.Weights[w.Name].Encoding.Decode().Array<float>())
                            : values.Weights[w.Name].Encoding,
                    StringComparer.Ordinal
                )
        );

    /// <summary>
    /// Each matrix as the signs of its numbers × their standard deviation (Zhou et al. 2019: the "signed constant").
    /// </summary>
    public static Network SignedConstants(Network initial) =>
        initial.With(
            initial
                .Weights.Where(w => w.IsTrainable && w.Encoding.Shape.Rank > 1)
                .ToDictionary(w => w.Name, Encoding (w) => SignedConstant(w.Encoding), StringComparer.Ordinal)
        );

    /// <summary>The density of all matrices together: the share of weights that are not zero.</summary>
    public static double Left(Network network)
    {
        Weight[] matrices = [.. network.Weights.Where(w => w.Encoding.Shape.Rank > 1)];
        return (double)matrices.Sum(w => w.Encoding.NonZeros) / matrices.Sum(w => w.Encoding.Count);
    }

    private static SparseEncoding Over(SparseEncoding mask, float[] values)
    {
        int[] positions = mask.Positions.ToArray();
        return new SparseEncoding(mask.Shape, positions, Array.ConvertAll(positions, p => values[p]));
    }

    private static DenseEncoding SignedConstant(Encoding initial)
    {
        float[] values = initial.Decode().Array<float>();
        double mean = values.Average(v => (double)v);
        float size = (float)Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
        return new DenseEncoding(Tensor.Of(initial.Shape, Array.ConvertAll(values, v => v < 0 ? -size : size)));
    }
}
