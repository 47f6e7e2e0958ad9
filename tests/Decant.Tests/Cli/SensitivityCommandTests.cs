using System.Text.Json;
using Decant.Core;
using Decant.Formats.Npy;
using Decant.Tests.Data;
using Decant.Tests.Sensitivity;
using Xunit;

namespace Decant.Tests.Cli;

[Collection("libtorch")]
public sealed class SensitivityCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public SensitivityCommandTests()
    {
        Models.Save(Centroids.Network(), folder["net.onnx"]);
        NpzWriter.Save(
            [new("x_train", Centroids.Train.Images), new("y_train", Tensor.Vector<int>([.. Centroids.Train.Labels]))],
            folder["train.npz"]
        );
        NpzWriter.Save(
            [new("x_test", Centroids.Train.Images), new("y_test", Tensor.Vector<int>([.. Centroids.Train.Labels]))],
            folder["test.npz"]
        );
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ItHelpsWithAnExample()
    {
        CommandLine.Result help = CommandLine.Run("sensitivity", "--help").Succeeded();
        Assert.Contains("Example:", help.Out);
        Assert.Contains("decant sensitivity", help.Out);
    }

    [Fact]
    public void DataWithoutATestPartAreEnough()
    {
        CommandLine.Run("eval", folder["net.onnx"], "--data", folder["train.npz"]).Failed(1);
        CommandLine.Result result = Run("train.npz", "--levels", "0.5,0.9,0.99", "--images", "100").Succeeded();
        Assert.Contains("fc2.weight", result.Out);
        Assert.Contains(
            "with nothing pruned, on 100 training examples of train.npz, the validation set (seed 1)",
            result.Out
        );
        Assert.Equal(2 * 4 + 1, File.ReadAllLines(folder["out/sensitivity.csv"]).Length);
        Assert.StartsWith("<svg", File.ReadAllText(folder["out/sensitivity.svg"]));
    }

    [Fact]
    public void TheRecipeThatItWritesCompresses()
    {
        string[] target = ["--recipe", folder["p.yaml"], "--loss", "3", "--images", "100", "--json"];
        JsonElement report = JsonDocument.Parse(Run("train.npz", target).Succeeded().Out).RootElement;
        JsonElement recipe = report.GetProperty("recipe");
        double accuracy = Primary(report.GetProperty("reference"));
        Assert.InRange(Primary(recipe.GetProperty("score")), accuracy - 0.03 - 1e-9, 1);
        Assert.Equal(
            ["fc1.weight", "fc2.weight"],
            report.GetProperty("curves").EnumerateArray().Select(c => c.GetProperty("name").GetString())
        );
        Assert.Equal(12, report.GetProperty("curves")[0].GetProperty("points").GetArrayLength());
        JsonElement compressed = JsonDocument
            .Parse(
                CommandLine
                    .Run("compress", folder["net.onnx"], "--recipe", folder["p.yaml"], "-o", folder["p.dcnt"], "--json")
                    .Succeeded()
                    .Out
            )
            .RootElement;
        long kept = compressed
            .GetProperty("stages")[1]
            .GetProperty("layers")
            .EnumerateArray()
            .Where(l => l.GetProperty("name").GetString()!.EndsWith("weight", StringComparison.Ordinal))
            .Sum(l => l.GetProperty("nonZeros").GetInt64());
        Assert.Equal(recipe.GetProperty("kept").GetInt64(), kept);
        Assert.Contains("p.yaml: ", Run("train.npz", target[..^1]).Succeeded().Out);
    }

    [Fact]
    public void SharesMayBePercentages()
    {
        string recipe = folder["p.yaml"];
        string[] Written(string levels, params string[] target)
        {
            Run("train.npz", ["--levels", levels, "--images", "100", "--recipe", recipe, .. target]).Succeeded();
            return File.ReadAllLines(recipe);
        }
        // The folder is another analysis's unless the levels are the same.
        string[] levels = Written("0.5,0.999", "--loss", "3");
        Assert.Equal(levels, Written("50%, 99.9%", "--loss", "3%"));
        Assert.NotEqual(levels, Written("50%,99.9%", "--loss", "0.3%"));
        string[] accuracy = Written("0.5,0.999", "--accuracy", "0.5");
        Assert.Equal(accuracy, Written("0.5,0.999", "--accuracy", "50%"));
        Assert.NotEqual(levels, accuracy);
    }

    [Fact]
    public void AnotherAnalysisInTheSameFolderIsRefused()
    {
        Run("train.npz", "--levels", "0.5", "--images", "50").Succeeded();
        Assert.Contains(
            "differs in: number of images, levels; name another folder, or delete this one",
            Run("train.npz", "--levels", "0.6", "--images", "60").Failed(1).Error
        );
        Run("train.npz", "--levels", "0.5", "--images", "50").Succeeded();
    }

    [Theory]
    [InlineData(2, "--levels 0.5,1")]
    [InlineData(2, "--levels half")]
    [InlineData(2, "--levels 50%,100%")]
    [InlineData(2, "--recipe a.yaml --loss 101%")]
    [InlineData(2, "--recipe a.yaml --loss some")]
    [InlineData(2, "--recipe a.yaml --accuracy 0%")]
    [InlineData(2, "--images 0")]
    [InlineData(2, "--threads -1")]
    [InlineData(2, "--recipe a.yaml")]
    [InlineData(2, "--recipe a.yaml --accuracy 0.5 --loss 1")]
    [InlineData(2, "--recipe a.yaml --accuracy 98")]
    [InlineData(2, "--recipe a.txt --accuracy 0.5")]
    [InlineData(2, "--loss 1")]
    [InlineData(1, "--images 201")]
    [InlineData(1, "--weights conv*")]
    [InlineData(1, "--criterion colour")]
    [InlineData(1, "--levels 0.5 --recipe a.yaml --accuracy 1")]
    public void WhatCannotBeDoneIsSaid(int code, string arguments)
    {
        Run("train.npz", arguments.Split(' ')).Failed(code);
        Assert.False(File.Exists("a.yaml"));
    }

    [Fact]
    public void DataThatDoNotFitOrHaveNoTrainingPartAreRefused()
    {
        Assert.Contains("_train", Run("test.npz").Failed(1).Error);
        CommandLine.Run("sensitivity", "zoo:lenet-5", "--data", folder["train.npz"], "-o", folder["out"]).Failed(1);
        Assert.Equal(2, CommandLine.Run("sensitivity", "zoo:lenet-5").Code);
        Assert.False(Directory.Exists(folder["out"]));
    }

    private static double Primary(JsonElement score) => score.GetProperty("values")[0].GetProperty("value").GetDouble();

    private CommandLine.Result Run(string data, params string[] arguments) =>
        CommandLine.Run(["sensitivity", folder["net.onnx"], "--data", folder[data], "-o", folder["out"], .. arguments]);
}
