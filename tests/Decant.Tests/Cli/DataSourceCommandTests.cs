using System.Text.Json;
using Decant.Core;
using Decant.Core.Operators;
using Decant.Data;
using Decant.Tests.Data;
using Decant.Tests.Data.Audio;
using Decant.Tests.Data.Images;
using Xunit;

namespace Decant.Tests.Cli;

[Collection("libtorch")]
public sealed class DataSourceCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public DataSourceCommandTests()
    {
        var network = new global::Decant.Zoo.NetworkBuilder("colour", 1, new Shape(Shape.Unknown, 3, 4, 6))
            .Flatten("flat")
            .Gemm("fc", 3)
            .Build();
        Models.Save(network, folder["colour.onnx"]);
        folder.Write("images/cat/a.png", ImageFixtures.Encoded(9, 12));
        folder.Write("images/dog/b.png", ImageFixtures.Encoded(8, 8));
        folder.Write("images/emu/c.png", ImageFixtures.Encoded(8, 16));
    }

    public void Dispose() => folder.Dispose();

    private string[] Images => ["eval", folder["colour.onnx"], "--data", folder["images"]];

    [Fact]
    public void ImagesOfAnotherSizeAreResizedWhenAsked()
    {
        Assert.Contains("--resize 4x6 would work", CommandLine.Run(Images).Failed(1).Error);
        Assert.Contains("top-1", CommandLine.Run([.. Images, "--resize", "4x6"]).Succeeded().Out);
        Assert.Contains("top-1", CommandLine.Run([.. Images, "--resize", "6", "--crop", "4x6"]).Succeeded().Out);
        string other = CommandLine.Run([.. Images, "--resize", "6x6"]).Failed(1).Error;
        Assert.Contains("are 6x6 (height x width), and input", other);
        Assert.Contains("takes 4x6", other);
        Assert.Contains("'4x' is no size", CommandLine.Run([.. Images, "--resize", "4x"]).Failed(1).Error);
    }

    [Fact]
    public void DamagedImagesAreSkippedWhenAsked()
    {
        folder.Write("images/emu/d.jpg", "no image"u8.ToArray());
        string[] resized = [.. Images, "--resize", "4x6"];
        Assert.Contains("d.jpg cannot be decoded", CommandLine.Run(resized).Failed(1).Error);
        CommandLine.Result result = CommandLine.Run([.. resized, "--skip-unreadable"]).Succeeded();
        Assert.Contains("warning: 1 of 4 images are skipped", result.Error);
        Assert.Contains("3 examples", result.Out);
    }

    [Fact]
    public void PreprocessingIsReadFromAFile()
    {
        byte[] config =
            """
            {"size": {"height": 4, "width": 6}, "image_mean": [0.5, 0.4, 0.3], "image_std": [0.2, 0.2, 0.2]}
            """u8.ToArray();
        string file = folder.Write("config/other.json", config);
        string flags = CommandLine
            .Run([.. Images, "--resize", "4x6", "--scale", "1/255", "--mean", "0.5,0.4,0.3", "--std", "0.2"])
            .Succeeded()
            .Out;
        CommandLine.Result named = CommandLine.Run([.. Images, "--preprocessing", file]).Succeeded();
        Assert.Equal(flags.Replace("std=0.2", "std=0.2,0.2,0.2", StringComparison.Ordinal), named.Out);
        Assert.Contains(
            "give one",
            CommandLine.Run([.. Images, "--preprocessing", file, "--scale", "1/255"]).Failed(2).Error
        );
        folder.Write("preprocessor_config.json", config);
        CommandLine.Result beside = CommandLine.Run(Images).Succeeded();
        Assert.Equal(named.Out, beside.Out);
        Assert.Contains("preprocessor_config.json says", beside.Error);
        Assert.DoesNotContain("has no preprocessing", beside.Error);
    }

    [Fact]
    public void SoundIsFedWithStates()
    {
        var type = new TensorType(ElementType.Float32, new Shape(1, 4));
        var network = new Network(
            "recurrent",
            [new ValueInfo("x", type), new ValueInfo("memory", type)],
            [new ValueInfo("y", type), new ValueInfo("kept", type)],
            [
                new Node("add", new Add(Attributes.None), ["x", "memory"], ["kept"]),
                new Node("relu", new Relu(Attributes.None), ["kept"], ["y"]),
            ],
            new WeightSet([])
        );
        Models.Save(network, folder["recurrent.onnx"]);
        folder.Write("sound/a.wav", WavFixtures.Floats([.. Enumerable.Range(0, 40).Select(i => MathF.Sin(i))]));
        string[] eval =
        [
            "eval",
            folder["recurrent.onnx"],
            "--reference",
            folder["recurrent.onnx"],
            "--data",
            folder["sound"],
        ];
        string refusal = CommandLine.Run(eval).Failed(1).Error;
        Assert.Contains("output 'kept' could be fed back to 'memory'", refusal);
        Assert.Contains("--state memory=kept says so", refusal);
        string[] fed = [.. eval, "--state", "memory=kept", "--hop", "2"];
        Assert.Contains("19 examples", CommandLine.Run(fed).Succeeded().Out);
        Assert.Contains("--window is of a Fourier", CommandLine.Run([.. fed, "--window", "hann"]).Failed(2).Error);
        Assert.Contains("INPUT=OUTPUT", CommandLine.Run([.. eval, "--state", "memory"]).Failed(2).Error);
        Assert.Contains("--hop is of sound", CommandLine.Run([.. Images, "--hop", "2"]).Failed(2).Error);
        Assert.Contains("--resize says what size", CommandLine.Run([.. fed, "--resize", "2"]).Failed(1).Error);
    }

    [Fact]
    public void RandomExamplesAreMadeWhenAskedFor()
    {
        string[] eval = ["eval", folder["colour.onnx"], "--reference", folder["colour.onnx"], "--data", "random:5"];
        CommandLine.Result result = CommandLine.Run([.. eval, "--json"]).Succeeded();
        Assert.Equal(
            5,
            JsonDocument.Parse(result.Out).RootElement.GetProperty("score").GetProperty("count").GetInt32()
        );
        Assert.Contains("warning: examples are random", result.Error);
    }
}
