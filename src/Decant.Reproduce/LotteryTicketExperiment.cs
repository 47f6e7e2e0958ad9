using System.Globalization;
using Decant.Reports;

namespace Decant.Reproduce;

/// <summary>
/// Frankle and Carbin (ICLR 2019), LeNet-300-100 on MNIST: winning tickets, against the same masks from other starts.
/// </summary>
public sealed class LotteryTicketExperiment : IExperiment
{
    private const double Near = 0.2;
    private const int Must = 12,
        Goal = 15;

    /// <inheritdoc/>
    public string Name => "lottery-ticket";

    /// <inheritdoc/>
    public string Description =>
        "winning tickets of LeNet-300-100 on MNIST by iterative magnitude pruning, from their own start, a "
        + "fresh one, and signs alone";

    /// <inheritdoc/>
    public IReadOnlyList<ResultRow> Run(
        ExperimentSetting setting,
        IProgress<string> progress,
        CancellationToken cancellation
    )
    {
        var work = new ExperimentRuns(
            setting,
            setting.SetFor("mnist"),
            progress,
            cancellation,
            setting.Quick ? 4000 : int.MaxValue
        );
        TicketPlan plan = setting.Quick ? TicketPlan.Quick : TicketPlan.Full;
        List<List<TicketLevel>> seeds =
        [
            .. Enumerable
                .Range(1, setting.Quick ? 1 : 3)
                .Select(s => new TicketSeries(work, plan, (ulong)s).Run().ToList()),
        ];
        Seeds dense = Of(seeds, 0, l => l.Ticket.Accuracy);
        return
        [
            ResultRow.Reported($"dense ({dense})", dense.Mean, "%"),
            .. plan.Watched.SelectMany(round => Rows(seeds, round, dense, setting.Quick)),
        ];
    }

    private static IEnumerable<ResultRow> Rows(List<List<TicketLevel>> seeds, int round, Seeds dense, bool quick)
    {
        string left = string.Create(
            CultureInfo.InvariantCulture,
            $"{100 * seeds.Average(s => s[round].Left):0.0} % left:"
        );
        Seeds tickets = Of(seeds, round, l => l.Ticket.Accuracy),
            fresh = Of(seeds, round, l => l.Fresh!.Accuracy),
            signs = Of(seeds, round, l => l.Signs!.Accuracy);
        yield return ResultRow.Reported($"{left} tickets ({tickets})", tickets.Mean, "%");
        yield return ResultRow.Reported($"{left} random re-init ({fresh})", fresh.Mean, "%");
        yield return ResultRow.Reported($"{left} signs only ({signs})", signs.Mean, "%");
        yield return ResultRow.Reported(
            $"{left} tickets after one epoch, validation set",
            Of(seeds, round, l => l.Ticket.Early).Mean,
            "%"
        );
        yield return ResultRow.Reported(
            $"{left} random re-init after one epoch, validation set",
            Of(seeds, round, l => l.Fresh!.Early).Mean,
            "%"
        );
        if (quick)
            yield break;
        yield return Bounded($"{left} tickets below dense", dense.Mean - tickets.Mean, "≤", Near, round);
        yield return Bounded(
            $"{left} tickets above random re-init, less the larger spread of seeds",
            tickets.Mean - fresh.Mean - Math.Max(tickets.Spread, fresh.Spread),
            "≥",
            0.01,
            round
        );
    }

    /// <summary>A row that must hold at one level and is hoped for at another.</summary>
    private static ResultRow Bounded(string name, double measured, string sign, double bound, int round)
    {
        string text = round is Must or Goal ? sign + bound.ToString(CultureInfo.InvariantCulture) : "";
        return new ResultRow(
            name,
            round == Must ? text : "",
            text,
            measured,
            "points",
            round != Must || (sign == "≤" ? measured <= bound : measured >= bound)
        );
    }

    private static Seeds Of(List<List<TicketLevel>> seeds, int round, Func<TicketLevel, double> what) =>
        new([.. seeds.Select(s => what(s[round]))]);
}
