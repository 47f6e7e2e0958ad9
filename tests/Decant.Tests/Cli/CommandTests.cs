using System.Text.Json;
using Decant.Core;
using Decant.Formats.Npy;
using Decant.Tests.Data;
using Decant.Tests.Runs;
using Decant.Tests.Torch;
using Xunit;

namespace Decant.Tests.Cli;

[Collection("libtorch")]
public sealed class CommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public CommandTests()
    {
        Models.Save(TinyRun.Network(), folder["tiny.onnx"]);
        Models.Save(TinyRun.Network(), folder["tiny.dcnt"]);
        File.WriteAllText(folder["tiny.yaml"], TinyRun.Yaml);
        SaveData(folder["small.npz"]);
    }

    public void Dispose() => folder.Dispose();

    internal static void SaveData(string path) =>
        NpzWriter.Save(
            [
                new("x_train", TinyRun.Train.Images),
                new("y_train", Tensor.Vector<int>([.. TinyRun.Train.Labels])),
                new("x_test", TinyRun.Test.Images),
                new("y_test", Tensor.Vector<int>([.. TinyRun.Test.Labels])),
            ],
            path
        );

    [Theory]
    [InlineData("train")]
    [InlineData("eval")]
    [InlineData("inspect")]
    [InlineData("compress")]
    [InlineData("run")]
    [InlineData("export")]
    [InlineData("bench")]
    [InlineData("data list")]
    [InlineData("data get")]
    [InlineData("demo")]
    [InlineData("reproduce")]
    public void EveryVerbHelpsWithAnExample(string verb)
    {
        CommandLine.Result help = CommandLine.Run([.. verb.Split(' '), "--help"]).Succeeded();
        Assert.Contains("Example:", help.Out);
        Assert.Contains($"decant {verb}", help.Out);
    }

    [Theory]
    [InlineData("")]
    [InlineData("squash")]
    [InlineData("eval")]
    [InlineData("eval zoo:lenet-5")]
    [InlineData("eval zoo:lenet-5 --data digits --executor onnx")]
    [InlineData("compress zoo:lenet-5 --recipe lossless")]
    [InlineData("inspect zoo:lenet-5 --jsn")]
    [InlineData("bench tiny.onnx --against libtorch")]
    [InlineData("bench tiny.onnx --batch 0")]
    [InlineData("train zoo:lenet-5 --data digits -o x.onnx --seed one")]
    public void WrongUseExitsWith2(string arguments)
    {
        CommandLine.Result result = CommandLine.Run(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(2, result.Code);
        Assert.StartsWith("decant: ", result.Error);
        Assert.DoesNotContain("   at ", result.Error);
    }

    [Fact]
    public void WrongUseFoundLaterExitsWith2()
    {
        CommandLine.Run("compress", "zoo:lenet-5", "--recipe", "lossless", "-o", "x.onnx").Failed(2);
        CommandLine
            .Run(
                "compress",
                folder["tiny.onnx"],
                "--recipe",
                folder["tiny.yaml"],
                "-o",
                folder["x.dcnt"],
                "--run",
                "a",
                "--resume",
                "b"
            )
            .Failed(2);
    }

    [Theory]
    [InlineData("export tiny.dcnt --int4 -o x.onnx", "--int4 says how --qdq writes weights")]
    [InlineData(
        "quantize tiny.onnx --data small.npz --size 1000 --loss 1 -o x.dcnt",
        "leave out --weight-bits and --size"
    )]
    [InlineData(
        "quantize tiny.onnx --data small.npz --loss 1 --rounding adaptive -o x.dcnt",
        "leave out --rounding adaptive"
    )]
    [InlineData(
        "quantize tiny.onnx --data small.npz --rounding adaptive --no-bias-correction -o x.dcnt",
        "leave out --no-bias-correction"
    )]
    [InlineData("quantize tiny.onnx --data small.npz --rounding up -o x.dcnt", "nearest, adaptive would work")]
    [InlineData("eval tiny.onnx --data small.npz --device cuda", "add --executor torch")]
    public void OptionsThatDoNotGoTogetherAreRefused(string arguments, string message)
    {
        CommandLine.Result result = CommandLine.Run([
            .. arguments.Split(' ').Select(a => a.Contains('.', StringComparison.Ordinal) ? folder[a] : a),
        ]);
        Assert.Equal(2, result.Code);
        Assert.Contains(message, result.Error);
    }

    [Fact]
    public void QuantizeChoosesBitsByAccuracyAndWritesARecipeThatDoesTheSame()
    {
        string[] data = ["--data", folder["small.npz"], "--threads", "1"];
        CommandLine
            .Run([
                "quantize",
                folder["tiny.onnx"],
                .. data,
                "--loss",
                "20",
                "--recipe",
                folder["q.yaml"],
                "-o",
                folder["q.dcnt"],
            ])
            .Succeeded();
        Assert.Contains("hold-out: ", File.ReadAllText(folder["q.yaml"]));
        CommandLine
            .Run(["compress", folder["tiny.onnx"], .. data, "--recipe", folder["q.yaml"], "-o", folder["again.dcnt"]])
            .Succeeded();
        Assert.Equal(File.ReadAllBytes(folder["q.dcnt"]), File.ReadAllBytes(folder["again.dcnt"]));
    }

    [TorchFact]
    public void AdviceIsGivenOnlyWhereSomethingWasLost()
    {
        string[] train = ["--epochs", "8", "--batch", "20", "--lr", "0.02", "--threads", "1"];
        CommandLine
            .Run(["train", folder["tiny.onnx"], "--data", folder["small.npz"], .. train, "-o", folder["t.onnx"]])
            .Succeeded();
        Assert.Equal((false, false), LostAndAdvised("16"));
        Assert.Equal((true, true), LostAndAdvised("2"));
    }

    private (bool Lost, bool Advised) LostAndAdvised(string bits)
    {
        string[] command =
        [
            "quantize",
            folder["t.onnx"],
            "--data",
            folder["small.npz"],
            "--per",
            "tensor",
            "--weight-range",
            "min-max",
            "--activation-bits",
            "0",
            "--weight-bits",
            bits,
            "-o",
            folder["q.dcnt"],
        ];
        JsonElement report = Json([.. command, "--json"]).GetProperty("report");
        string text = CommandLine.Run(command).Succeeded().Out;
        return (
            Metric(report.GetProperty("after"), "top-1") < Metric(report.GetProperty("before"), "top-1"),
            text.Contains("if that is too much: --keep", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void ResultsAreMarkdownWhereItIsAskedFor()
    {
        string text = CommandLine.Run("inspect", folder["tiny.onnx"], "--markdown").Succeeded().Out;
        Assert.StartsWith("| weight | shape | stored as |", text);
        Assert.Contains("| --- | --- | --- | ---: |", text);
        Assert.Contains(
            "give one",
            CommandLine.Run("inspect", folder["tiny.onnx"], "--markdown", "--json").Failed(2).Error
        );
    }

    [Fact]
    public void FailuresExitWith1AndOneLine()
    {
        CommandLine.Run("inspect", folder["none.onnx"]).Failed(1);
        CommandLine.Run("inspect", folder["small.npz"]).Failed(1);
        CommandLine.Run("inspect", "zoo:none").Failed(1);
        CommandLine.Run("inspect", folder.Path).Failed(1);
        CommandLine.Run("eval", folder["tiny.onnx"], "--data", "none").Failed(1);
        CommandLine.Run("eval", folder["tiny.onnx"], "--data", folder["none.npz"]).Failed(1);
        CommandLine.Run("eval", "zoo:lenet-5", "--data", folder["small.npz"]).Failed(1);
        CommandLine.Run("eval", folder["tiny.onnx"], "--data", folder["small.npz"], "--scale", "fast").Failed(1);
        CommandLine.Run("export", folder["tiny.onnx"], "-o", folder["x.txt"]).Failed(1);
        CommandLine.Run("export", folder["tiny.onnx"], "-o", folder["tiny.yaml/x.onnx"]).Failed(1);
        CommandLine.Run("compress", folder["tiny.onnx"], "--recipe", "none", "-o", folder["x.dcnt"]).Failed(1);
        CommandLine
            .Run("compress", folder["tiny.onnx"], "--recipe", folder["tiny.yaml"], "-o", folder["x.dcnt"])
            .Failed(1);
        CommandLine.Run("reproduce", "none").Failed(1);
        CommandLine.Run("data", "get", "none").Failed(1);
        CommandLine
            .Run(
                "train",
                folder["tiny.onnx"],
                "--data",
                folder["small.npz"],
                "--epochs",
                "many",
                "-o",
                folder["x.onnx"]
            )
            .Failed(1);
        Assert.Contains(
            Decant.Torch.LibTorch.Problem is null ? "gpu" : "libtorch",
            CommandLine
                .Run(
                    "train",
                    folder["tiny.onnx"],
                    "--data",
                    folder["small.npz"],
                    "--device",
                    "gpu",
                    "-o",
                    folder["x.onnx"]
                )
                .Failed(1)
                .Error
        );
        Assert.False(File.Exists(folder["x.dcnt"]) || File.Exists(folder["x.onnx"]));
    }

    [Fact]
    public void DamagedFilesAreOneLineAndLeaveTheOutput()
    {
        File.WriteAllText(folder["out.onnx"], "old");
        byte[][] originals = [File.ReadAllBytes(folder["tiny.dcnt"]), File.ReadAllBytes(folder["tiny.onnx"])];
        foreach (byte[] original in originals)
        foreach (int length in new[] { 0, 1, 7, original.Length / 2, original.Length - 1 })
        foreach (string kind in new[] { "bad.dcnt", "bad.onnx" })
        {
            File.WriteAllBytes(folder[kind], original[..length]);
            CommandLine.Run("export", folder[kind], "-o", folder["out.onnx"]).Failed(1);
            CommandLine.Run("inspect", folder[kind]).Failed(1);
        }
        Assert.Equal("old", File.ReadAllText(folder["out.onnx"]));
    }

    [Theory]
    [InlineData("tiny.dcnt")]
    [InlineData("tiny.onnx")]
    public void InspectAccountsForEveryByte(string model)
    {
        JsonElement report = Json("inspect", folder[model], "--json");
        Assert.Equal(49 * 12 + 12 + 120 + 10, report.GetProperty("parameters").GetInt64());
        Assert.Equal(49 * 12 + 120, report.GetProperty("macs").GetInt64());
        Assert.Equal(49 * 12 + 12 + 120 + 10, report.GetProperty("nonZeros").GetInt64());
        Assert.Equal(4, report.GetProperty("layers").GetArrayLength());
        Assert.Equal(new FileInfo(folder["tiny.dcnt"]).Length, report.GetProperty("bytes").GetInt64());
        Assert.Equal(
            report.GetProperty("bytes").GetInt64(),
            report.GetProperty("sections").EnumerateArray().Sum(s => s.GetProperty("bytes").GetInt64())
        );
        Assert.Contains("fc1.weight", CommandLine.Run("inspect", folder[model]).Succeeded().Out);
    }

    private static double Metric(JsonElement score, string name) =>
        score
            .GetProperty("values")
            .EnumerateArray()
            .Single(v => v.GetProperty("name").GetString() == name)
            .GetProperty("value")
            .GetDouble();

    [TorchFact]
    public void EvalIsTheSameThroughBothExecutors()
    {
        JsonElement runtime = Json("eval", folder["tiny.onnx"], "--data", folder["small.npz"], "--json");
        JsonElement torch = Json(
            "eval",
            folder["tiny.dcnt"],
            "--data",
            folder["small.npz"],
            "--json",
            "--executor",
            "torch"
        );
        Assert.Equal("classification", runtime.GetProperty("task").GetString());
        Assert.Equal(100, runtime.GetProperty("score").GetProperty("count").GetInt32());
        Assert.Equal(Metric(runtime.GetProperty("score"), "top-1"), Metric(torch.GetProperty("score"), "top-1"));
        Assert.InRange(Metric(runtime.GetProperty("score"), "top-5"), Metric(runtime.GetProperty("score"), "top-1"), 1);
        Assert.Equal(
            200,
            Json("eval", folder["tiny.onnx"], "--data", folder["small.npz"], "--part", "train", "--json")
                .GetProperty("score")
                .GetProperty("count")
                .GetInt32()
        );
    }

    [TorchFact]
    public void AnotherNetworkTeaches()
    {
        string recipe = folder["taught.yaml"];
        File.WriteAllText(recipe, TinyRun.Taught);
        string[] command =
        [
            "compress",
            folder["tiny.onnx"],
            "--recipe",
            recipe,
            "--data",
            folder["small.npz"],
            "-o",
            folder["taught.dcnt"],
            "--threads",
            "1",
        ];
        Assert.Contains("give it, --teacher FILE", CommandLine.Run(command).Failed(1).Error);
        Assert.Contains(
            "train it, and name the file",
            CommandLine.Run([.. command, "--teacher", "zoo:lenet-5"]).Failed(1).Error
        );
        Assert.Contains("taught.dcnt", CommandLine.Run([.. command, "--teacher", folder["tiny.onnx"]]).Succeeded().Out);
        command[3] = folder["tiny.yaml"];
        Assert.Contains(
            "learns from no other network",
            CommandLine.Run([.. command, "--teacher", folder["tiny.onnx"]]).Failed(1).Error
        );
    }

    [TorchFact]
    public void CompressReportsTheFileItWrote()
    {
        string file = folder["out.dcnt"];
        JsonElement report = Json(
            "compress",
            folder["tiny.onnx"],
            "--recipe",
            folder["tiny.yaml"],
            "--data",
            folder["small.npz"],
            "-o",
            file,
            "--json",
            "--threads",
            "1"
        );
        Assert.Equal(file, report.GetProperty("file").GetString());
        Assert.Equal(new FileInfo(file).Length, report.GetProperty("bytes").GetInt64());
        Assert.True(report.GetProperty("ratio").GetDouble() > 1);
        Assert.Equal(3, report.GetProperty("stages").GetArrayLength());
        Assert.InRange(Metric(report.GetProperty("before"), "top-1"), 0, 1);
        Assert.Equal(
            Metric(report.GetProperty("after"), "top-1"),
            Metric(Json("eval", file, "--data", folder["small.npz"], "--json").GetProperty("score"), "top-1")
        );
        Assert.True(File.Exists(folder["out.run/results.json"]));
        JsonElement plan = Json(
            "compress",
            folder["tiny.onnx"],
            "--recipe",
            folder["tiny.yaml"],
            "-o",
            folder["none.dcnt"],
            "--dry-run",
            "--json"
        );
        Assert.Equal(8, plan.GetProperty("changes").GetArrayLength());
        Assert.False(File.Exists(folder["none.dcnt"]) || Directory.Exists(folder["none.run"]));
    }

    [TorchFact]
    public void TrainExportAndRunWorkTogether()
    {
        CommandLine
            .Run(
                "train",
                folder["tiny.onnx"],
                "--data",
                folder["small.npz"],
                "--epochs",
                "2",
                "--scale",
                "1/128",
                "-o",
                folder["trained.onnx"],
                "--threads",
                "1"
            )
            .Succeeded();
        CommandLine.Run("export", folder["trained.onnx"], "-o", folder["trained.dcnt"]).Succeeded();
        Assert.Equal(
            "scale=1/128;mean=0;std=1;channels=rgb",
            Preprocessings.Of(Models.Load(folder["trained.dcnt"])).ToString()
        );
        NpyWriter.Save(Tensor.Zeros(ElementType.Float32, new Shape(2, 1, 7, 7)), folder["x.npy"]);
        CommandLine.Run("run", folder["trained.dcnt"], "--input", folder["x.npy"], "-o", folder["y.npy"]).Succeeded();
        Assert.Equal(new Shape(2, 10), NpyReader.Read(folder["y.npy"]).Shape);
        CommandLine.Run("run", folder["trained.dcnt"], "--input", folder["x.npy"], "-o", folder["y.npz"]).Succeeded();
        using (NpzReader all = NpzReader.Open(folder["y.npz"]))
            Assert.Equal(
                NpyReader.Read(folder["y.npy"]).Array<float>(),
                all.Read(Assert.Single(all.Names)).Array<float>()
            );
        CommandLine
            .Run(
                "run",
                folder["trained.dcnt"],
                "--input",
                folder["x.npy"],
                "--input",
                folder["x.npy"],
                "-o",
                folder["z.npy"]
            )
            .Failed(1);
        CommandLine.Run("run", folder["trained.dcnt"], "--input", folder["tiny.onnx"], "-o", folder["z.npy"]).Failed(1);
    }

    [Fact]
    public void RunTakesArraysByNameAndMakesNumbers()
    {
        Network network = TinyRun.Network();
        NpzWriter.Save(
            [new(network.Inputs[0].Name, Tensor.Zeros(ElementType.Float32, new Shape(2, 1, 7, 7)))],
            folder["x.npz"]
        );
        CommandLine.Run("run", folder["tiny.onnx"], "--input", folder["x.npz"], "-o", folder["a.npy"]).Succeeded();
        CommandLine
            .Run("run", folder["tiny.onnx"], "--input", "zeros", "--batch", "2", "-o", folder["b.npy"])
            .Succeeded();
        CommandLine
            .Run("run", folder["tiny.onnx"], "--input", "random", "--batch", "2", "-o", folder["c.npy"])
            .Succeeded();
        Assert.Equal(File.ReadAllBytes(folder["a.npy"]), File.ReadAllBytes(folder["b.npy"]));
        Assert.NotEqual(File.ReadAllBytes(folder["a.npy"]), File.ReadAllBytes(folder["c.npy"]));
        CommandLine.Run("run", folder["tiny.onnx"], "--input", folder["small.npz"], "-o", folder["d.npy"]).Failed(1);
        CommandLine.Run("run", folder["tiny.onnx"], "--input", "zeros").Failed(2);
    }

    private static JsonElement Json(params string[] arguments) =>
        JsonDocument.Parse(CommandLine.Run(arguments).Succeeded().Out).RootElement;
}
