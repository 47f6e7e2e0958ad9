using Decant.Core;
using Decant.Formats.Npy;
using Decant.Tests.Data;
using Decant.Tests.Data.Tasks;
using Decant.Tests.Runs;
using Decant.Tests.Torch;
using Decant.Zoo;
using Xunit;

namespace Decant.Tests.Cli;

[Collection("libtorch")]
public sealed class TaskOptionTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string[] eval;

    public TaskOptionTests()
    {
        Models.Save(
            new NetworkBuilder("maps", 1, new Shape(Shape.Unknown, 1, 4, 4)).PaddedConv("conv", 3, 3).Build(),
            folder["maps.onnx"]
        );
        Rng random = Rng.For(1, "task options");
        NpzWriter.Save(
            [new("x", TaskFixtures.Floats(random, 6, 1, 4, 4)), new("y", TaskFixtures.Integers(random, 3, 6, 4, 4))],
            folder["maps.npz"]
        );
        eval = ["eval", folder["maps.onnx"], "--data", folder["maps.npz"]];
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void OptionsAreThoseOfTheTask()
    {
        string[] segment = [.. eval, "--task", "segmentation"];
        string whole = CommandLine.Run(segment).Succeeded().Out;
        Assert.StartsWith("mIoU ", whole);
        Assert.Equal(whole, CommandLine.Run(eval).Succeeded().Out);
        Assert.NotEqual(whole, CommandLine.Run([.. segment, "--task-options", "ignored=0"]).Succeeded().Out);
        Assert.Contains(
            "'ignore' is no option of segmentation; there are: ignored",
            CommandLine.Run([.. segment, "--task-options", "ignore=0"]).Failed(1).Error
        );
        Assert.Contains(
            "--task-options has 'ignored'; key=value pairs",
            CommandLine.Run([.. segment, "--task-options", "ignored"]).Failed(2).Error
        );
        Assert.Contains(
            "name it with --task",
            CommandLine.Run([.. eval, "--task-options", "ignored=0"]).Failed(2).Error
        );
        Assert.Contains(
            "--task regression has no options",
            CommandLine.Run([.. eval, "--task", "regression", "--task-options", "ignored=0"]).Failed(2).Error
        );
        Assert.Contains(
            "outputs and targets fit segmentation, fidelity to another network",
            CommandLine.Run([.. eval, "--task", "regression"]).Failed(1).Error
        );
    }

    [TorchFact]
    public void EveryCommandScoresByTheTask()
    {
        string[] data = ["--data", folder["maps.npz"], "--task", "segmentation", "--task-options", "ignored=0"];
        AtomicFile.Write(folder["tune.yaml"], "{recipe: tune, stages: [{name: tune, epochs: 2}]}");
        string model = folder["maps.onnx"];
        string before = CommandLine.Run(["eval", model, .. data]).Succeeded().Out.Split("   ")[0];
        string[][] commands =
        [
            ["compress", model, "--recipe", folder["tune.yaml"], "-o", folder["tuned.dcnt"], .. data],
            ["quantize", model, "-o", folder["quantized.dcnt"], .. data],
            ["sensitivity", model, "-o", folder["sensitivity"], "--images", "3", "--levels", "0.5", .. data],
        ];
        foreach (string[] command in commands)
        {
            string output = CommandLine.Run(command).Succeeded().Out;
            Assert.Contains("mIoU", output);
            if (command[0] != "sensitivity")
                Assert.Contains(before.Replace("mIoU ", ""), output);
        }
    }
}
