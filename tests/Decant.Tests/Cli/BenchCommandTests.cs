using System.Text.Json;
using Decant.Core;
using Decant.Core.Operators;
using Decant.Speed;
using Decant.Tests.Benchmarking;
using Decant.Tests.Data;
using Decant.Tests.Runs;
using Xunit;

namespace Decant.Tests.Cli;

[Collection("libtorch")]
public sealed class BenchCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public BenchCommandTests() => Models.Save(TinyRun.Network(), folder["tiny.dcnt"]);

    public void Dispose() => folder.Dispose();

    [OnnxRuntimeFact]
    public void AgainstOnnxRuntimeBothAreTimedAndTheirMemoryIsLookedAt()
    {
        JsonElement report = JsonDocument
            .Parse(
                CommandLine
                    .Run(
                        "bench",
                        folder["tiny.dcnt"],
                        "--against",
                        "onnxruntime",
                        "--runs",
                        "4",
                        "--batch",
                        "2",
                        "--json"
                    )
                    .Succeeded()
                    .Out
            )
            .RootElement;
        Assert.Equal(2, report.GetProperty("batch").GetInt32());
        Assert.Equal(
            ["runtime", "onnxruntime"],
            report.GetProperty("contenders").EnumerateArray().Select(c => c.GetProperty("name").GetString())
        );
        foreach (JsonElement contender in report.GetProperty("contenders").EnumerateArray())
        {
            Assert.Equal(4, contender.GetProperty("run").GetProperty("count").GetInt32());
            Assert.True(!OperatingSystem.IsLinux() || contender.GetProperty("peak").GetInt64() > 1_000_000);
        }
        Assert.True(report.GetProperty("ratio").GetProperty("median").GetDouble() > 0);
    }

    [OnnxRuntimeFact]
    public void IntegersTruthValuesAndHalfPrecisionAreInputsToo()
    {
        ValueInfo[] inputs =
        [
            new("ids", new TensorType(ElementType.Int64, new Shape(Shape.Unknown, 4))),
            new("half", new TensorType(ElementType.Float16, new Shape(Shape.Unknown, 4))),
            new("flags", new TensorType(ElementType.Bool, new Shape(Shape.Unknown, 4))),
        ];
        var network = new Network(
            "mixed",
            [.. inputs],
            [new("sum", new TensorType(ElementType.Float32, new Shape(Shape.Unknown, 4)))],
            [
                .. inputs.Select(i => new Node(
                    i.Name,
                    new Cast(new Attributes(("to", (long)ElementType.Float32))),
                    [i.Name],
                    [$"{i.Name}.float"]
                )),
                new Node("add", new Add(Attributes.None), ["ids.float", "half.float"], ["two"]),
                new Node("add2", new Add(Attributes.None), ["two", "flags.float"], ["sum"]),
            ],
            []
        );
        Models.Save(network, folder["mixed.onnx"]);
        string text = CommandLine
            .Run("bench", folder["mixed.onnx"], "--against", "onnxruntime", "--runs", "2")
            .Succeeded()
            .Out;
        Assert.Contains("the answers differ by", text);
        CommandLine.Run("run", folder["mixed.onnx"], "--input", "random", "-o", folder["sum.npy"]).Succeeded();
    }

    [Fact]
    public void AloneItPrintsATableAndTheConditions()
    {
        string text = CommandLine.Run("bench", folder["tiny.dcnt"], "--runs", "2").Succeeded().Out;
        Assert.Contains("runtime", text);
        Assert.Contains("tiny.dcnt, batch 1, 1 thread", text);
        Assert.Contains(".NET", text);
        Assert.DoesNotContain("onnxruntime", text);
        Assert.Contains("GMAC/s", text);
        Assert.Contains(
            "GMAC/s",
            CommandLine.Run("run", folder["tiny.dcnt"], "--input", "random", "--profile").Succeeded().Out
        );
    }

    [Fact]
    public void ACompressedNetworkIsHeldAgainstItsDenseFloats()
    {
        CommandTests.SaveData(folder["small.npz"]);
        CommandLine
            .Run("quantize", folder["tiny.dcnt"], "--data", folder["small.npz"], "-o", folder["q.dcnt"])
            .Succeeded();
        Timing? ratio = RatioOf("q.dcnt");
        Assert.True(ratio!.Median > 0);
        Assert.Null(RatioOf("tiny.dcnt"));
        string text = CommandLine.Run("bench", folder["q.dcnt"], "--runs", "2").Succeeded().Out;
        Assert.Matches(
            "slower than the same network in dense floats|runtime over the same network in dense floats",
            text
        );
    }

    private Timing? RatioOf(string file) =>
        JsonDocument
            .Parse(CommandLine.Run("bench", folder[file], "--runs", "2", "--json").Succeeded().Out)
            .RootElement.GetProperty("denseRatio")
            .Deserialize<Timing>(JsonSerializerOptions.Web);

    [Fact]
    public void WhatCannotBeMeasuredIsOneLine()
    {
        CommandLine.Run("bench", folder["none.onnx"]).Failed(1);
        File.WriteAllText(folder["bad.dcnt"], "no container");
        CommandLine.Run("bench", folder["bad.dcnt"]).Failed(1);
    }
}
