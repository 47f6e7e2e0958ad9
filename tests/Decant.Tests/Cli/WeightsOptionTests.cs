using Decant.Core;
using Decant.Tests.Data;
using Decant.Tests.Formats;
using Decant.Tests.Formats.PyTorch;
using Decant.Zoo;
using Xunit;

namespace Decant.Tests.Cli;

[Collection("libtorch")]
public sealed class WeightsOptionTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Network trained = Architectures.Create("lenet-300-100", 8);
    private readonly string state;

    public WeightsOptionTests() =>
        state = folder.Write(
            "lenet.th",
            StateFile.Legacy([.. trained.Weights.Select(w => KeyValuePair.Create(w.Name, w.Encoding.Decode()))])
        );

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("train")]
    [InlineData("eval")]
    [InlineData("inspect")]
    [InlineData("compress")]
    [InlineData("run")]
    [InlineData("export")]
    [InlineData("bench")]
    public void EveryCommandThatTakesAModelHasIt(string verb) =>
        Assert.Contains("--weights", CommandLine.Run(verb, "--help").Succeeded().Out);

    [Fact]
    public void TheNetworkHasTheFilesWeights()
    {
        CommandLine.Run("export", "zoo:lenet300100", "--weights", state, "-o", folder["x.onnx"]).Succeeded();
        SameNetwork.Assert(trained, Models.Load(folder["x.onnx"]));
        CommandLine
            .Run(
                "compress",
                "zoo:lenet300100",
                "--weights",
                state,
                "--recipe",
                "lossless",
                "-o",
                folder["x.dcnt"],
                "--run",
                folder["run"]
            )
            .Succeeded();
        SameNetwork.Assert(trained, Models.Load(folder["x.dcnt"]));
        Assert.Contains(
            "266,610 parameters",
            CommandLine.Run("inspect", "zoo:lenet300100", "--weights", state).Succeeded().Out
        );
        Assert.Contains(
            "zoo:lenet300100",
            CommandLine.Run("bench", "zoo:lenet300100", "--weights", state, "--runs", "3", "--json").Succeeded().Out
        );
    }

    [Fact]
    public void WhatItDoesNotFitIsOneLine()
    {
        Models.Save(trained, folder["x.onnx"]);
        Assert.Contains(
            "has its own",
            CommandLine.Run("inspect", folder["x.onnx"], "--weights", state).Failed(1).Error
        );
        Assert.Contains("has its own", CommandLine.Run("bench", folder["x.onnx"], "--weights", state).Failed(1).Error);
        Assert.Contains(
            "'fc1.weight' has the shape 300×784",
            CommandLine
                .Run("run", "zoo:mlp", "--weights", state, "--input", "zeros", "-o", folder["y.npy"])
                .Failed(1)
                .Error
        );
        Assert.Contains(
            "torch.save",
            CommandLine.Run("export", "zoo:mlp", "--weights", folder["x.onnx"], "-o", folder["y.onnx"]).Failed(1).Error
        );
    }
}
