using Decant.Core;
using Decant.Runs;

namespace Decant.Experiments;

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
        if (!plan.Watched.Contains(round)) return new TicketLevel(round, Tickets.Left(mask), ticket, null, null);
        Network fresh = GlorotStart.Of(initial, Rng.Derive(seed, "fresh", round));
        return new TicketLevel(round, Tickets.Left(mask), ticket,
            Train($"fresh-{round:00}", Tickets.Rewound(mask, fresh)).Arm, Train($"signs-{round:00}", Tickets.Rewound(mask, Tickets.SignedConstants(initial))).Arm);
    }

    private (Network Network, TicketArm Arm) Train(string arm, Network start)
    {
        string name = $"seed{seed}-{arm}";
        var (network, report) = work.Compress(name, start, plan.Training, seed);
        return (network, new TicketArm(100 * report.AccuracyAfter!.Value, work.HeldOutAccuracy(name, 1)));
    }
}
