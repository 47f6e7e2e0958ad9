using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Decant.OnnxRuntime;

namespace Decant.Speed;

/// <summary>What a measurement was made on.</summary>
/// <param name="Processor">Its name.</param>
/// <param name="Processors">How many the system has.</param>
/// <param name="Load">Processes that wanted to run in the last minute; null where the system does not say.</param>
/// <param name="InstructionSets">Those that .NET uses here.</param>
/// <param name="Framework">.NET and its version.</param>
/// <param name="OnnxRuntime">ONNX Runtime's version; null where it takes no part.</param>
public sealed record Conditions(string Processor, int Processors, double? Load, string InstructionSets, string Framework, string? OnnxRuntime)
{
    /// <summary>Looks around.</summary>
    public static Conditions Here(bool withOnnxRuntime) => new(
        Line("/proc/cpuinfo", "model name")?.Split(':', 2)[^1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        Line("/proc/loadavg", "") is { } load ? double.Parse(load.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) : null,
        string.Join(", ", Sets().Where(s => s.Has).Select(s => s.Name)),
        RuntimeInformation.FrameworkDescription,
        withOnnxRuntime ? OnnxRuntimeLibrary.Version : null);

    /// <inheritdoc/>
    public override string ToString() => $"{Processor}, {Processors} processors ({InstructionSets}), load {Load?.ToString("0.0") ?? "unknown"}, {Framework}"
        + (OnnxRuntime is { } version ? $", ONNX Runtime {version}" : "");

    private static IEnumerable<(string Name, bool Has)> Sets() =>
    [
        ("AVX2", Avx2.IsSupported), ("FMA", Fma.IsSupported), ("AVX-512", Avx512F.IsSupported), ("AVX-VNNI", AvxVnni.IsSupported), ("POPCNT", Popcnt.IsSupported),
        ("NEON", AdvSimd.IsSupported), ("DP", Dp.IsSupported),
    ];

    private static string? Line(string file, string start) => File.Exists(file) ? File.ReadLines(file).FirstOrDefault(l => l.StartsWith(start, StringComparison.Ordinal)) : null;
}
