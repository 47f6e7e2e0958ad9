using System.Diagnostics;
using System.Globalization;
using Decant.Core;

namespace Decant.Benchmarking;

/// <summary>A .NET program run as a process of its own, and the most memory it had.</summary>
public static class Child
{
    private const int SampleMilliseconds = 20;

    /// <summary>Runs an assembly to its end; its output goes to standard error.</summary>
    /// <param name="assembly">Its file, beside this program's.</param>
    /// <param name="arguments">What it is given.</param>
    /// <returns>
    /// The peak of its resident size in bytes (VmHWM), and how long it took; 0 bytes where there is no /proc.
    /// </returns>
    /// <exception cref="DecantException">It failed.</exception>
    public static (long Peak, double Seconds) Run(string assembly, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(
            Environment.ProcessPath!,
            ["exec", Path.Combine(AppContext.BaseDirectory, assembly), .. arguments]
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        long began = Stopwatch.GetTimestamp(),
            peak = 0;
        using Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Say(line.Data);
        process.ErrorDataReceived += (_, line) => Say(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        // The kernel keeps the peak; a process that is gone tells nothing, so it is asked until then.
        while (!process.WaitForExit(SampleMilliseconds))
            peak = Math.Max(peak, HighWater(process.Id));
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new DecantException(
                $"{assembly} {string.Join(' ', arguments)} failed with exit code {process.ExitCode}"
            );
        return (peak, Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    private static void Say(string? line)
    {
        if (line is not null)
            Console.Error.WriteLine(line);
    }

    private static long HighWater(int id)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{id}/status")
                .FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null
                ? 0
                : 1024
                    * long.Parse(
                        line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
                        CultureInfo.InvariantCulture
                    );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0; // It ended between two looks.
        }
    }
}
