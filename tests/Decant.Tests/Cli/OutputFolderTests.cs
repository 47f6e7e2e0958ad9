using Decant.Tests.Data;
using Decant.Tests.Runs;
using Xunit;

namespace Decant.Tests.Cli;

[Collection("libtorch")]
public sealed class OutputFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public OutputFolderTests()
    {
        Models.Save(TinyRun.Network(), folder["tiny.onnx"]);
        CommandTests.SaveData(folder["small.npz"]);
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("compress tiny.onnx --recipe lossless -o no/x.dcnt")]
    [InlineData("compress tiny.onnx --recipe lossless -o x.dcnt --run no/x.run")]
    [InlineData("train tiny.onnx --data small.npz --epochs 1 -o no/x.onnx")]
    [InlineData("train tiny.onnx --data small.npz --epochs 1 -o x.onnx --run no/x.run")]
    [InlineData("quantize tiny.onnx --data small.npz -o no/x.dcnt")]
    [InlineData("quantize tiny.onnx --data small.npz -o x.dcnt --recipe no/x.yaml")]
    [InlineData("export tiny.onnx -o no/x.dcnt")]
    [InlineData("stats tiny.onnx --data small.npz -o no/x.yaml")]
    [InlineData("run tiny.onnx --input zeros -o no/x.npy")]
    [InlineData("sensitivity tiny.onnx --data small.npz -o no/x")]
    [InlineData("sensitivity tiny.onnx --data small.npz -o x --recipe no/x.yaml --loss 1")]
    [InlineData("reproduce pruning-12x --quick --run no/x")]
    [InlineData("data get mnist --data-root no/x")]
    [InlineData("demo -o no/x.dcnt")]
    public void AFolderThatIsNotThereIsOneLineAndNothingIsMade(string arguments)
    {
        string[] before = Directory.GetFileSystemEntries(folder.Path);
        CommandLine.Result result = CommandLine
            .Run([
                .. arguments
                    .Split(' ')
                    .Select(a =>
                        a.Contains('.', StringComparison.Ordinal) || a.Contains("no/") || a == "x" ? folder[a] : a
                    ),
            ])
            .Failed(1);
        Assert.Contains($"the folder {folder["no"]} does not exist; make it, or name another", result.Error);
        Assert.Equal("", result.Out);
        Assert.Equal(before, Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void AFolderThatIsAskedForIsMade()
    {
        CommandLine
            .Run(
                "sensitivity",
                folder["tiny.onnx"],
                "--data",
                folder["small.npz"],
                "--levels",
                "0.5",
                "-o",
                folder["x"]
            )
            .Succeeded();
        Assert.True(File.Exists(folder["x/sensitivity.csv"]));
    }
}
