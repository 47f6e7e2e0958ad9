using Decant.Benchmarking;
using Decant.Core;
using Decant.Speed;
using Decant.Tests.Benchmarking;
using Decant.Tests.Data;
using Decant.Tests.Runs;
using Xunit;

namespace Decant.Tests.Benchmarking;

public sealed class SpeedMeasurementTests : IDisposable
{
    private static readonly TurnOptions Short = new()
    {
        Rounds = 2,
        Runs = 4,
        WarmUp = 0,
        Rest = 0,
    };
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [OnnxRuntimeFact]
    public void AContainerIsMeasuredAgainstItsFloats()
    {
        Models.Save(TinyRun.Network(), folder["tiny.dcnt"]);
        using var measurement = new SpeedMeasurement(
            folder["tiny.dcnt"],
            new SpeedOptions
            {
                AgainstOnnxRuntime = true,
                Batch = 3,
                Turns = Short,
                Loads = 2,
            }
        );
        SpeedReport report = measurement.Run((name, path) => name.Length + Path.GetExtension(path).Length);
        Assert.Equal(["runtime", "onnxruntime"], report.Contenders.Select(c => c.Name));
        Assert.Equal([12, 16], report.Contenders.Select(c => c.Peak));
        Assert.All(report.Contenders, c => Assert.Equal((4, 2), (c.Run.Count, c.Load.Count)));
        Assert.All(report.Contenders, c => Assert.True(c.Run.Median > 0 && c.Load.Median > 0));
        Assert.InRange(report.Difference!.Value, 0, 1e-5);
        Assert.True(report.Ratio!.Median > 0 && report.LoadRatio!.Median > 0);
        Assert.Equal(global::Decant.Benchmarking.OnnxRuntimeLibrary.Version, report.Conditions.OnnxRuntime);
    }

    [Fact]
    public void AloneItNeedsNoOnnxRuntime()
    {
        // Its layers take longer than the tenth of a microsecond in which times are counted.
        Network network = Models.Load("zoo:lenet-300-100");
        Models.Save(network, folder["lenet.onnx"]);
        using var measurement = new SpeedMeasurement(
            folder["lenet.onnx"],
            new SpeedOptions { Turns = Short, Loads = 1 }
        );
        SpeedReport report = measurement.Run();
        Assert.Equal("runtime", Assert.Single(report.Contenders).Name);
        Assert.Null(report.Ratio);
        Assert.Null(report.Conditions.OnnxRuntime);
        Assert.NotEqual("", report.Conditions.Processor);
        Assert.Equal(1, report.Layers.Sum(l => l.Share), 6);
        NetworkShapes shapes = NetworkShapes.Of(network, batch: 1);
        Assert.Equal(network.Nodes.Sum(shapes.Macs), report.Layers.Sum(l => l.Macs));
        Assert.Contains(report.Layers, l => l is { Operator: "Gemm", Milliseconds: > 0, GigaMacs: > 0 });
    }
}
