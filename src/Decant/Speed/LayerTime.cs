using System.Collections.Immutable;
using Decant.Core;
using Decant.Reports;
using Decant.Runtime;

namespace Decant.Speed;

/// <summary>What one layer of a run takes.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="Operator">What it computes; empty where the runtime only moves numbers.</param>
/// <param name="Kernel">How it is computed.</param>
/// <param name="Milliseconds">The median over the runs that were profiled.</param>
/// <param name="Share">Its part of all layers' time, 0 to 1.</param>
/// <param name="Macs">Multiply-accumulates of one run.</param>
public sealed record LayerTime(
    string Name,
    string Operator,
    string Kernel,
    double Milliseconds,
    double Share,
    long Macs
)
{
    private const int Named = 3;

    /// <summary>
    /// Multiply-accumulates a second, in thousand millions; as the network states them, which a layer may do with
    /// fewer.
    /// </summary>
    public double GigaMacs => Milliseconds > 0 ? Macs / Milliseconds / 1e6 : 0;

    /// <summary>Why a compressed weight is computed in floats; empty where it is not.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Layers as a table, then a line for each reason why compressed weights are computed in floats.</summary>
    public static ImmutableArray<ReportPart> Parts(IReadOnlyList<LayerTime> layers) =>
        [
            Table(layers),
            .. layers
                .Where(l => l.Reason.Length > 0)
                .GroupBy(l => l.Reason, l => l.Name, StringComparer.Ordinal)
                .Select(g => new ReportLine($"in floats: {Names([.. g])}: {g.Key}")),
        ];

    private static string Names(string[] names) =>
        string.Join(", ", names.Take(Named)) + (names.Length > Named ? $" and {names.Length - Named} more" : "");

    private static ReportTable Table(IReadOnlyList<LayerTime> layers) =>
        ReportTable.Of(
            ["layer", "operator", "kernel", "ms", "%", "MACs", "GMAC/s"],
            layers
                .Select(l =>
                    (IReadOnlyList<string>)
                        [
                            l.Name,
                            l.Operator,
                            l.Kernel,
                            ReportText.Milliseconds(l.Milliseconds),
                            ReportText.Number(100 * l.Share, "0.0"),
                            ReportText.Count(l.Macs),
                            l.Macs > 0 ? ReportText.Number(l.GigaMacs, "0.0") : "",
                        ]
                )
                .Append([
                    "all layers",
                    "",
                    "",
                    ReportText.Milliseconds(layers.Sum(l => l.Milliseconds)),
                    "",
                    ReportText.Count(layers.Sum(l => l.Macs)),
                    "",
                ]),
            words: 3
        );

    /// <summary>Runs what a session is prepared for, and times its layers.</summary>
    /// <param name="session">The session; its outputs are those of its inputs afterwards.</param>
    /// <param name="network">What it runs.</param>
    /// <param name="runs">How often it is run; a run before them is not counted.</param>
    public static IReadOnlyList<LayerTime> Measure(InferenceSession session, Network network, int runs)
    {
        session.Run();
        session.Profiles = true;
        var taken = new IReadOnlyList<LayerProfile>[Math.Max(runs, 1)];
        for (int i = 0; i < taken.Length; i++)
        {
            session.Run();
            taken[i] = session.Layers;
        }
        session.Profiles = false;
        return Summed(
            taken,
            network
                .Nodes.GroupBy(n => n.Name, StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => g.First().Operator.Type, StringComparer.Ordinal)
        );
    }

    private static LayerTime[] Summed(IReadOnlyList<LayerProfile>[] taken, Dictionary<string, string> operators)
    {
        double[] times =
        [
            .. taken[0].Select((_, i) => Timing.Of(taken.Select(run => run[i].Time.TotalMilliseconds)).Median),
        ];
        double all = times.Sum();
        return
        [
            .. taken[0]
                .Select(
                    (l, i) =>
                        new LayerTime(
                            l.Name,
                            operators.GetValueOrDefault(l.Name, ""),
                            l.Kernel,
                            times[i],
                            all > 0 ? times[i] / all : 0,
                            l.Macs
                        )
                        {
                            Reason = l.Reason,
                        }
                ),
        ];
    }
}
