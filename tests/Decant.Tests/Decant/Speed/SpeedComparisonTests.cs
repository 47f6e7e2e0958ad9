using Decant.Core;
using Decant.Core.Operators;
using Decant.Pipelines;
using Decant.Quantization;
using Decant.Reports;
using Decant.Runs;
using Decant.Runtime;
using Decant.Speed;
using Decant.Tests.Runs;
using Decant.Zoo;
using Xunit;

namespace Decant.Tests.Speed;

public sealed class SpeedComparisonTests
{
    [Fact]
    public void ANetworkAThousandTimesAsLargeIsSlower()
    {
        Timing ratio = SpeedComparison.Of(TinyRun.Network(hidden: 8000), TinyRun.Network(hidden: 8))!;
        Assert.True(SpeedComparison.IsSlower(ratio), $"{ratio}");
        Assert.False(SpeedComparison.IsSlower(SpeedComparison.Of(TinyRun.Network(), TinyRun.Network(hidden: 8000))!));
    }

    [Fact]
    public void ItIsSlowerOnlyBeyondTheSpread()
    {
        Assert.True(SpeedComparison.IsSlower(new Timing(1.8, 1.7, 1.9, 7)));
        Assert.False(SpeedComparison.IsSlower(new Timing(1.8, 1.0, 1.9, 7)));
        Assert.False(SpeedComparison.IsSlower(new Timing(1.05, 1.04, 1.06, 7)));
        Assert.Equal("1.80x its time (1.70 to 1.90)", SpeedComparison.Text(new Timing(1.8, 1.7, 1.9, 7)));
    }

    [Fact]
    public void WhereShapesAreNotKnownNothingIsSaid()
    {
        Network network = new NetworkBuilder("free", 1, new Shape(Shape.Unknown, 49)).Gemm("fc1", 4).Build();
        network = new Network(
            network.Name,
            [network.Inputs[0] with { Type = new TensorType(ElementType.Float32, null) }],
            network.Outputs,
            network.Nodes,
            network.Weights
        );
        Assert.Null(SpeedComparison.Of(network, network));
    }

    [Fact]
    public void DenseFloatsAreTheNetworkWithoutWhatCompressesIt()
    {
        Network network = TinyRun.Network();
        Assert.False(DenseFloats.Differ(network));
        Network quantized = Quantized(network, compares: false).Network;
        Assert.True(DenseFloats.Differ(quantized));
        Network floats = DenseFloats.Of(quantized);
        Assert.False(DenseFloats.Differ(floats));
        Assert.DoesNotContain(floats.Nodes, n => n.Operator is QuantizeLinear or DequantizeLinear);
        Assert.Equal(network.Nodes.Select(n => n.Operator.Type), floats.Nodes.Select(n => n.Operator.Type));
        Tensor input = RandomInputs.For(network.Inputs, batch: 3)[0];
        float[] expected = new ReferenceExecutor(network).Run([input])[0].Array<float>(),
            computed = new ReferenceExecutor(floats).Run([input])[0].Array<float>();
        Assert.All(expected.Zip(computed), p => Assert.Equal(p.First, p.Second, 0.05));
    }

    [Fact]
    public void AReportSaysSlowerWhereItIsMeasuredToBe()
    {
        Assert.Null(Quantized(TinyRun.Network(), compares: false).Report.TimeRatio);
        CompressionReport report = Quantized(TinyRun.Network(), compares: true).Report;
        Assert.Equal(7, report.TimeRatio!.Count);
        Assert.Equal(
            SpeedComparison.IsSlower(report.TimeRatio),
            report.Notes.Any(n => n.StartsWith("slower than the original: ", StringComparison.Ordinal))
        );
        Assert.Single(ReportNotes.Of(TinyRun.Network(), 2, 1, new Timing(1.8, 1.7, 1.9, 7)));
        Assert.Empty(ReportNotes.Of(TinyRun.Network(), 2, 1, new Timing(0.8, 0.7, 0.9, 7)));
    }

    private static (Network Network, CompressionReport Report) Quantized(Network network, bool compares) =>
        new Compressor(
            QuantizationRecipe.Of(network, new QuantizationOptions()),
            new CompressionOptions { Train = TinyRun.Train, ComparesSpeed = compares }
        ).Run(network, null);
}
