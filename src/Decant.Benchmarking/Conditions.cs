using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Decant.Speed;

namespace Decant.Benchmarking;

/// <summary>What a measurement was made on.</summary>
/// <param name="Processor">Its name.</param>
/// <param name="Processors">How many the system has.</param>
/// <param name="Load">Processes that wanted to run in the last minute; null where the system does not say.</param>
/// <param name="InstructionSets">Those that .NET uses here.</param>
/// <param name="Framework">.NET and its version.</param>
/// <param name="OnnxRuntime">ONNX Runtime's version; null where it takes no part.</param>
public sealed record Conditions(
    string Processor,
    int Processors,
    double? Load,
    string InstructionSets,
    string Framework,
    string? OnnxRuntime
)
{
    /// <summary>Looks around.</summary>
    public static Conditions Here(bool withOnnxRuntime) =>
        new(
            Line("/proc/cpuinfo", "model name")?.Split(':', 2)[^1].Trim()
                ?? RuntimeInformation.ProcessArchitecture.ToString(),
            Environment.ProcessorCount,
            Line("/proc/loadavg", "") is { } load
                ? double.Parse(load.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)
                : null,
            string.Join(", ", Sets().Where(s => s.Has).Select(s => s.Name)),
            RuntimeInformation.FrameworkDescription,
            withOnnxRuntime ? OnnxRuntimeLibrary.Version : null
        );

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Processor}, {Processors} processors ({InstructionSets}), load "
        + $"{Load?.ToString("0.0") ?? "unknown"}, {Framework}"
        + (OnnxRuntime is { } version ? $", ONNX Runtime {version}" : "");

    private static IEnumerable<(string Name, bool Has)> Sets() =>
        [
            ("AVX2", Avx2.IsSupported),
            ("FMA", Fma.IsSupported),
            ("AVX-512", Avx512F.IsSupported),
            ("AVX-VNNI", AvxVnni.IsSupported),
            ("POPCNT", Popcnt.IsSupported),
            ("NEON", AdvSimd.IsSupported),
            ("DP", Dp.IsSupported),
        ];

    private static string? Line(string file, string start) =>
        File.Exists(file)
            ? File.ReadLines(file).FirstOrDefault(l => l.StartsWith(start, StringComparison.Ordinal))
            : null;
}

/// <summary>
/// Milliseconds from a file to its first answer, by turns; the code is warm and the files are in the system's cache.
/// </summary>
/// <param name="Ours">The first's.</param>
/// <param name="Theirs">The second's; null if there is none.</param>
/// <param name="Ratio">The first's over the second's, pair by pair.</param>
public sealed record Loads(Timing Ours, Timing? Theirs, Timing? Ratio)
{
    /// <summary>Measures; the first turn of each is not counted.</summary>
    public static Loads Measure(Action ours, Action? theirs, int count)
    {
        var (first, second) = (new List<double>(), new List<double>());
        for (int i = -1; i < count; i++)
        {
            double a = Milliseconds(ours),
                b = theirs is null ? 0 : Milliseconds(theirs);
            if (i < 0)
                continue;
            first.Add(a);
            second.Add(b);
        }
        return theirs is null
            ? new Loads(Timing.Of(first), null, null)
            : new Loads(Timing.Of(first), Timing.Of(second), Timing.Of(first.Zip(second, (a, b) => a / b)));
    }

    private static double Milliseconds(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
