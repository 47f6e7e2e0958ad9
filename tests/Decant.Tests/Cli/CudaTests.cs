using System.Diagnostics;
using System.Text.Json;
using Decant.Tests.Data;
using Decant.Tests.Runs;
using Decant.Torch;
using Xunit;

namespace Decant.Tests.Cli;

/// <summary>What runs on a GPU, as processes of their own: the device belongs to a process.</summary>
public sealed class CudaTests
{
    [CudaFact]
    public void ACompressionOnAGpuRunsIsGoneOnWithAndAnswersAsOnTheProcessor()
    {
        using var folder = new TemporaryFolder();
        Models.Save(TinyRun.Network(), folder["tiny.onnx"]);
        CommandTests.SaveData(folder["small.npz"]);
        File.WriteAllText(folder["tiny.yaml"], TinyRun.Yaml);
        string[] compress =
        [
            "compress",
            folder["tiny.onnx"],
            "--recipe",
            folder["tiny.yaml"],
            "--data",
            folder["small.npz"],
            "-o",
            folder["tiny.dcnt"],
            "--threads",
            "1",
            "--device",
            "cuda",
        ];
        Run([.. compress, "--run", folder["tiny.run"]]);
        Run([.. compress, "--resume", folder["tiny.run"]]);
        Run([
            "stats",
            folder["tiny.onnx"],
            "--data",
            folder["small.npz"],
            "-o",
            folder["tiny.yml"],
            "--device",
            "cuda",
        ]);
        string[] eval = ["eval", folder["tiny.dcnt"], "--data", folder["small.npz"], "--json"];
        Assert.Equal(Accuracy(eval), Accuracy([.. eval, "--executor", "torch", "--device", "cuda"]), 0.011);
    }

    private static double Accuracy(string[] arguments) =>
        JsonDocument
            .Parse(Run(arguments))
            .RootElement.GetProperty("score")
            .GetProperty("values")[0]
            .GetProperty("value")
            .GetDouble();

    private static string Run(string[] arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo("dotnet", [CommandLine.Dll, .. arguments])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            }
        )!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }

    /// <summary>Skipped, with the reason, where libtorch finds no GPU.</summary>
    private sealed class CudaFactAttribute : FactAttribute
    {
        public CudaFactAttribute() =>
            Skip = LibTorch.Problem ?? (LibTorch.CudaAvailable ? null : "libtorch finds no GPU");
    }
}
