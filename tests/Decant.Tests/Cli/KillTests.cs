using System.Diagnostics;
using Decant.Core;
using Decant.Tests.Data;
using Decant.Tests.Runs;
using Decant.Tests.Torch;
using Xunit;

namespace Decant.Tests.Cli;

[Collection("libtorch")]
public sealed class KillTests
{
    [TorchFact]
    public void ARunKilledAtAnyMomentAndResumedWritesTheSameFile()
    {
        using var folder = new TemporaryFolder();
        Models.Save(TinyRun.Network(), folder["tiny.onnx"]);
        CommandTests.SaveData(folder["small.npz"]);
        File.WriteAllText(folder["tiny.yaml"], TinyRun.Yaml.Replace("rounds: 2", "rounds: 8"));
        Assert.Equal(0, Run(folder, "whole", int.MaxValue));
        var rng = new Rng((ulong)Environment.ProcessId);
        int kills = 0;
        for (; kills < 2 && Run(folder, "killed", 2 + rng.Next(10)) != 0; kills++) { }
        Assert.True(kills > 0);
        Run(folder, "killed", int.MaxValue);
        Assert.Equal(File.ReadAllBytes(folder["whole.dcnt"]), File.ReadAllBytes(folder["killed.dcnt"]));
    }

    /// <summary>Runs the command line as a process, and kills it after some lines of progress.</summary>
    private static int Run(TemporaryFolder folder, string name, int lines)
    {
        string run = folder[name + ".run"];
        string[] arguments =
        [
            CommandLine.Dll,
            "compress",
            folder["tiny.onnx"],
            "--recipe",
            folder["tiny.yaml"],
            "--data",
            folder["small.npz"],
            "-o",
            folder[name + ".dcnt"],
            "--threads",
            "1",
            File.Exists(Path.Combine(run, "run.json")) ? "--resume" : "--run",
            run,
        ];
        using Process process = Process.Start(
            new ProcessStartInfo("dotnet", arguments)
            {
                UseShellExecute = false,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            }
        )!;
        for (int seen = 0; process.StandardError.ReadLine() is not null; )
            if (++seen == lines)
                process.Kill();
        process.WaitForExit();
        return process.ExitCode;
    }
}
