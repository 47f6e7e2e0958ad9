using System.Text.Json;
using Decant.Core;
using Decant.Formats.Npy;
using Decant.Tests.Data;
using Decant.Tests.Runs;
using Decant.Tests.Torch;
using Xunit;

namespace Decant.Tests.Cli;

[Collection("libtorch")]
public sealed class UnlabelledCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public UnlabelledCommandTests()
    {
        Models.Save(TinyRun.Network(), folder["tiny.onnx"]);
        NpzWriter.Save([new("x", TinyRun.Train.Images)], folder["images.npz"]);
    }

    public void Dispose() => folder.Dispose();

    [TorchFact]
    public void QuantizeAndEvalWorkWithoutLabels()
    {
        string[] quantize =
        [
            "quantize",
            folder["tiny.onnx"],
            "--data",
            folder["images.npz"],
            "--samples",
            "50",
            "-o",
            folder["tiny.dcnt"],
        ];
        CommandLine.Result result = CommandLine.Run(quantize).Succeeded();
        Assert.Contains("agreement 100.00 % → ", result.Out);
        string[] eval = ["eval", folder["tiny.dcnt"], "--data", folder["images.npz"]];
        Assert.Contains("--reference", CommandLine.Run(eval).Failed(2).Error);
        JsonElement score = JsonDocument
            .Parse(CommandLine.Run([.. eval, "--reference", folder["tiny.onnx"], "--json"]).Succeeded().Out)
            .RootElement.GetProperty("score");
        Assert.Equal(
            ["agreement", "cosine similarity", "SQNR"],
            score.GetProperty("values").EnumerateArray().Select(v => v.GetProperty("name").GetString())
        );
        Assert.InRange(score.GetProperty("values")[2].GetProperty("value").GetDouble(), 15, 100);
        Assert.Contains(
            "classification needs one integer an example",
            CommandLine.Run([.. eval, "--task", "classification"]).Failed(1).Error
        );
        Assert.Equal(2, CommandLine.Run([.. eval, "--task", "colour"]).Code);
    }

    [Fact]
    public void SensitivityWorksWithoutLabels()
    {
        CommandLine.Result result = CommandLine
            .Run(
                "sensitivity",
                folder["tiny.onnx"],
                "--data",
                folder["images.npz"],
                "--images",
                "50",
                "--levels",
                "0.9",
                "-o",
                folder["out"]
            )
            .Succeeded();
        Assert.Contains("agreement 100.00 % with nothing pruned", result.Out);
        Assert.StartsWith(
            "weight,level,kept,of,agreement,cosine similarity,SQNR,examples",
            File.ReadAllText(folder["out/sensitivity.csv"])
        );
    }

    [Theory]
    [InlineData("--scale", "1/255")]
    [InlineData("--mean", "0.5")]
    [InlineData("--std", "2")]
    [InlineData("--channels", "bgr")]
    public void WhatIsDoneToPixelsIsRefusedForDataWithoutThem(string flag, string value)
    {
        NpzWriter.Save(
            [new(TinyRun.Network().Inputs[0].Name, Tensor.Zeros(ElementType.Float32, new Shape(20, 1, 7, 7)))],
            folder["arrays.npz"]
        );
        string[] eval = ["eval", folder["tiny.onnx"], "--reference", folder["tiny.onnx"], "--data"];
        CommandLine.Run([.. eval, folder["arrays.npz"]]).Succeeded();
        Assert.Contains(
            $"{flag} says what is done to pixels, and data set 'arrays.npz' has none",
            CommandLine.Run([.. eval, folder["arrays.npz"], flag, value]).Failed(1).Error
        );
    }

    [Theory]
    [InlineData(3, "", true)]
    [InlineData(3, "--scale 1/255", false)]
    [InlineData(1, "", false)]
    public void ANetworkOfColourImagesWithoutPreprocessingIsSaidToHaveNone(int channels, string flags, bool warns)
    {
        var network = new global::Decant.Zoo.NetworkBuilder("colour", 1, new Shape(Shape.Unknown, channels, 4, 4))
            .Flatten("flat")
            .Gemm("fc", 3)
            .Build();
        Models.Save(network, folder["colour.onnx"]);
        NpzWriter.Save(
            [
                new("x", Tensor.Zeros(ElementType.UInt8, new Shape(2, channels, 4, 4))),
                new("y", Tensor.Vector<long>(0, 2)),
            ],
            folder["colour.npz"]
        );
        CommandLine.Result result = CommandLine
            .Run([
                "eval",
                folder["colour.onnx"],
                "--data",
                folder["colour.npz"],
                .. flags.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            ])
            .Succeeded();
        Assert.Equal(warns, result.Error.Contains("has no preprocessing of its own", StringComparison.Ordinal));
        Assert.Equal(warns, result.Error.Contains("--mean", StringComparison.Ordinal));
    }
}
