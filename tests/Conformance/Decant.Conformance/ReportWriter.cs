using System.Text.Json;

namespace Decant.Conformance;

/// <summary>Writes reports for people and for programs.</summary>
internal static class ReportWriter
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
    };

    /// <summary>A line for each executor, then its failures.</summary>
    public static void Table(TextWriter output, IReadOnlyList<ExecutorReport> reports)
    {
        output.WriteLine($"{"executor", -12} {"passed", 6} {"total", 6}");
        foreach (ExecutorReport r in reports)
            output.WriteLine($"{r.Name, -12} {r.Passed, 6} {r.Total, 6}");
        foreach (ExecutorReport r in reports)
        foreach (CaseFailure f in r.Failures)
            output.WriteLine($"{r.Name}: {f.Case}: {f.Reason}");
    }

    /// <summary>{"executors":[{"name","passed","total","failures":[{"case","reason"}]}]}.</summary>
    public static void Json(Stream output, IReadOnlyList<ExecutorReport> reports) =>
        JsonSerializer.Serialize(output, new { Executors = reports }, Options);
}
