using Decant.Reports;
using Decant.Speed;
using static Decant.Reports.ReportText;

namespace Decant.Benchmarking;

/// <summary>How fast a model runs.</summary>
/// <param name="Model">The file.</param>
/// <param name="Batch">What unknown extents were taken for.</param>
/// <param name="Threads">Threads of each contender.</param>
/// <param name="Contenders">The managed runtime, and ONNX Runtime where it took part.</param>
/// <param name="Ratio">The managed runtime's time over ONNX Runtime's.</param>
/// <param name="LoadRatio">The same of the time from the file to the first answer.</param>
/// <param name="Difference">The largest difference of the answers over the largest number of ONNX Runtime's.</param>
/// <param name="DenseRatio">The managed runtime's time over its own on the same network in dense floats; null where
/// nothing of the network is compressed.</param>
/// <param name="Layers">The managed runtime's layers.</param>
/// <param name="Conditions">What it was measured on.</param>
public sealed record SpeedReport(
    string Model,
    int Batch,
    int Threads,
    IReadOnlyList<ContenderReport> Contenders,
    Timing? Ratio,
    Timing? LoadRatio,
    double? Difference,
    Timing? DenseRatio,
    IReadOnlyList<LayerTime> Layers,
    Conditions Conditions
)
{
    /// <summary>The report as a document: layers, executors, how they compare, and on what it was measured.</summary>
    public ReportDocument ToDocument() =>
        new ReportDocument(this, [.. Layers.Count > 0 ? LayerTime.Parts(Layers) : [], ContenderTable()])
            .With([.. Comparisons().Select(c => new ReportLine(c))])
            .With(new ReportLine(Conditions.ToString()));

    private ReportTable ContenderTable() =>
        ReportTable.Of(
            [
                "executor",
                "ms a run",
                "quartiles",
                "runs",
                "load to first answer ms",
                "bytes allocated a run",
                "peak memory MB",
            ],
            Contenders.Select(c =>
                (IReadOnlyList<string>)
                    [
                        c.Name,
                        Milliseconds(c.Run.Median),
                        $"{Milliseconds(c.Run.Low)} to {Milliseconds(c.Run.High)}",
                        Count(c.Run.Count),
                        Milliseconds(c.Load.Median),
                        Count(c.Allocated),
                        c.Peak is { } peak ? Number(peak / 1e6, "0.0") : "",
                    ]
            )
        ) with
        {
            Title = $"{Path.GetFileName(Model)}, batch {Batch}, {Threads} thread{(Threads > 1 ? "s" : "")}",
        };

    private IEnumerable<string> Comparisons()
    {
        if (this is { Ratio: { } ratio, LoadRatio: { } load })
            yield return $"runtime over onnxruntime: {Share(ratio)} of its time; loading: {Share(load)}; the "
                + $"answers differ by {Number(Difference!.Value, "0.0e+0")} of the largest";
        if (DenseRatio is { } floats)
            yield return SpeedComparison.IsSlower(floats)
                ? $"slower than the same network in dense floats: {SpeedComparison.Text(floats)}"
                : $"runtime over the same network in dense floats: {Share(floats)} of its time";
    }

    private static string Share(Timing ratio) =>
        $"{Number(ratio.Median, "0.00")} ({Number(ratio.Low, "0.00")} to {Number(ratio.High, "0.00")})";
}

/// <summary>How fast one executor runs a model.</summary>
/// <param name="Name">The executor.</param>
/// <param name="Run">Milliseconds of a run.</param>
/// <param name="Load">Milliseconds from the file to the first answer, the code warm, the file in the system's
/// cache.</param>
/// <param name="Allocated">Bytes on .NET's heap a run.</param>
/// <param name="Peak">The largest resident size of a process that loads the model and runs it, in bytes; null where it
/// is not known.</param>
public sealed record ContenderReport(string Name, Timing Run, Timing Load, long Allocated, long? Peak);
