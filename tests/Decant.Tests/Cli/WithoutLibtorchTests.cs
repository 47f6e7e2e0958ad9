using System.Diagnostics;
using Decant.Core;
using Decant.Tests.Data;
using Decant.Tests.Runs;
using Decant.Tests.Torch;
using Xunit;

namespace Decant.Tests.Cli;

/// <summary>
/// Commands as processes of their own, whose dynamic loader writes down each library that it opens: only what trains
/// opens libtorch.
/// </summary>
public sealed class WithoutLibtorchTests
{
    [LinuxFact]
    public void CommandsThatDoNotTrainOpenNoLibtorch()
    {
        using var folder = new TemporaryFolder();
        Models.Save(TinyRun.Convolutions(), folder["m.onnx"]);
        CommandTests.SaveData(folder["d.npz"]);
        AtomicFile.Write(
            folder["prune.yaml"],
            """
            {recipe: prune, techniques: {p: {technique: weight-pruning, criterion: obs, samples: 20, level: 0.5},
              b: {technique: binarization, weights: conv2.weight},
              q: {technique: activation-quantization, samples: 20}},
              stages: [{name: p, use: p}, {name: b, use: b}, {name: q, use: q}]}
            """
        );
        string model = folder["m.onnx"],
            made = folder["m.dcnt"];
        string[] data = ["--data", folder["d.npz"]];
        string[][] commands =
        [
            ["--help"],
            ["inspect", model],
            ["quantize", model, .. data, "--samples", "30", "-o", made],
            [
                "quantize",
                model,
                .. data,
                "--samples",
                "30",
                "--weight-bits",
                "4",
                "--rounding",
                "adaptive",
                "-o",
                folder["a.dcnt"],
            ],
            ["eval", made, .. data],
            ["run", model, "--input", "random", "--profile"],
            ["bench", made, "--runs", "2"],
            ["export", made, "--qdq", "-o", folder["q.onnx"]],
            ["stats", model, .. data, "-o", folder["s.yaml"]],
            ["compress", model, "--recipe", "lossless", "-o", folder["l.dcnt"]],
            [
                "compress",
                model,
                "--recipe",
                folder["prune.yaml"],
                .. data,
                "--run",
                folder["run"],
                "-o",
                folder["p.dcnt"],
            ],
            ["sensitivity", model, .. data, "--images", "40", "--levels", "0.5", "-o", folder["sensitivity"]],
            [
                "sensitivity",
                model,
                .. data,
                "--images",
                "40",
                "--levels",
                "0.5",
                "--criterion",
                "mean-activation",
                "--structured",
                "-o",
                folder["groups"],
            ],
        ];
        foreach (string[] command in commands)
            Assert.False(Opens(folder, command), $"decant {string.Join(' ', command)} opens libtorch");
    }

    [TorchFact]
    public void WhatTakesGradientsOpensLibtorch()
    {
        using var folder = new TemporaryFolder();
        Models.Save(TinyRun.Network(), folder["m.onnx"]);
        CommandTests.SaveData(folder["d.npz"]);
        Assert.True(
            Opens(
                folder,
                "sensitivity",
                folder["m.onnx"],
                "--data",
                folder["d.npz"],
                "--images",
                "40",
                "--levels",
                "0.5",
                "--criterion",
                "taylor",
                "-o",
                folder["taylor"]
            )
        );
    }

    private static bool Opens(TemporaryFolder folder, params string[] command)
    {
        string log = folder["opened"];
        foreach (string old in Directory.GetFiles(Path.GetDirectoryName(log)!, "opened.*"))
            File.Delete(old);
        var start = new ProcessStartInfo("dotnet", [CommandLine.Dll, .. command])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        (start.Environment["LD_DEBUG"], start.Environment["LD_DEBUG_OUTPUT"]) = ("files", log);
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"decant {string.Join(' ', command)}: {error}{output.Result}");
        string[] logs = Directory.GetFiles(Path.GetDirectoryName(log)!, "opened.*");
        string opened = string.Concat(logs.Select(File.ReadAllText));
        Assert.Contains("libcoreclr.so", opened);
        return opened.Contains("libdecant_torch.so", StringComparison.Ordinal)
            || opened.Contains("libtorch", StringComparison.Ordinal);
    }
}

/// <summary>A test that reads what the GNU C library's loader writes; skipped elsewhere.</summary>
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "needs the loader of Linux";
}
