using System.Diagnostics;
using System.Globalization;
using Decant.Core;

namespace Decant.Bench;

/// <summary>The same training loop in Python's PyTorch, in a process that runs an epoch when told to.</summary>
internal sealed class PythonEpochs : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private readonly Process process;

    public PythonEpochs(string script, string network, string data, int threads)
    {
        var start = new ProcessStartInfo(Python, [script, network, data, $"{threads}"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        // What Decant's own process has: OpenBLAS with as many threads, and OpenMP threads that sleep when idle.
        start.Environment["OPENBLAS_NUM_THREADS"] = start.Environment["OMP_NUM_THREADS"] = $"{threads}";
        start.Environment.TryAdd("OMP_WAIT_POLICY", "PASSIVE");
        process = Process.Start(start) ?? throw new DecantException($"{Python} does not start");
        string[] ready = Line();
        if (ready is not ["ready", var version])
            throw new DecantException("Python's PyTorch is not here: apt-get install python3-torch python3-numpy");
        Version = version;
    }

    /// <summary>PyTorch's version.</summary>
    public string Version { get; }

    /// <summary>Runs an epoch; its seconds and its mean loss.</summary>
    public (double Seconds, double Loss) Run()
    {
        process.StandardInput.WriteLine();
        process.StandardInput.Flush();
        string[] words = Line();
        return words.Length == 2
            ? (
                double.Parse(words[0], CultureInfo.InvariantCulture),
                double.Parse(words[1], CultureInfo.InvariantCulture)
            )
            : throw new DecantException("Python's loop stopped; what it said stands above");
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }

    private string[] Line() => process.StandardOutput.ReadLine()?.Split(' ') ?? [];
}
