using System.Globalization;
using Decant.Benchmarking;
using Decant.Speed;

namespace Decant.Cli.Screen;

/// <summary>What was measured of a model's speed, as people read it.</summary>
internal static class SpeedTables
{
    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    public static void Print(SpeedReport report)
    {
        Layers(report.Layers);
        Tables.Print(
            [
                "executor",
                "ms a run",
                "quartiles",
                "runs",
                "load to first answer ms",
                "bytes allocated a run",
                "peak memory MB",
            ],
            report.Contenders.Select(c =>
                (IReadOnlyList<string>)
                    [
                        c.Name,
                        Time(c.Run.Median),
                        $"{Time(c.Run.Low)} to {Time(c.Run.High)}",
                        Tables.Number(c.Run.Count),
                        Time(c.Load.Median),
                        Tables.Number(c.Allocated),
                        c.Peak is { } peak ? (peak / 1e6).ToString("0.0", Plain) : "",
                    ]
            ),
            title: $"{Path.GetFileName(report.Model)}, batch {report.Batch}, {report.Threads} "
                + $"thread{(report.Threads > 1 ? "s" : "")}"
        );
        if (report is { Ratio: { } ratio, LoadRatio: { } load })
            Console.WriteLine(
                $"runtime over onnxruntime: {Share(ratio)} of its time; loading: {Share(load)}; the "
                    + $"answers differ by {report.Difference:0.0e+0} of the largest"
            );
        if (report.DenseRatio is { } floats)
            Console.WriteLine(
                SpeedComparison.IsSlower(floats)
                    ? $"slower than the same network in dense floats: {SpeedComparison.Text(floats)}"
                    : $"runtime over the same network in dense floats: {Share(floats)} of its time"
            );
        Console.WriteLine(report.Conditions);
    }

    public static void Layers(IReadOnlyList<LayerTime> layers)
    {
        if (layers.Count == 0)
            return;
        Tables.Print(
            ["layer", "operator", "kernel", "ms", "%", "MACs", "GMAC/s"],
            layers
                .Select(l =>
                    (IReadOnlyList<string>)
                        [
                            l.Name,
                            l.Operator,
                            l.Kernel,
                            Time(l.Milliseconds),
                            (100 * l.Share).ToString("0.0", Plain),
                            Tables.Number(l.Macs),
                            l.Macs > 0 ? l.GigaMacs.ToString("0.0", Plain) : "",
                        ]
                )
                .Append([
                    "all layers",
                    "",
                    "",
                    Time(layers.Sum(l => l.Milliseconds)),
                    "",
                    Tables.Number(layers.Sum(l => l.Macs)),
                    "",
                ]),
            words: 3
        );
    }

    private static string Time(double milliseconds) =>
        milliseconds.ToString(
            milliseconds < 1 ? "0.0000"
                : milliseconds < 100 ? "0.00"
                : "0",
            Plain
        );

    private static string Share(Timing ratio) =>
        $"{ratio.Median.ToString("0.00", Plain)} ({ratio.Low.ToString("0.00", Plain)} to "
        + $"{ratio.High.ToString("0.00", Plain)})";
}
