using Decant.Comparison;
using Decant.Core;
using Decant.Data;
using Decant.Formats.Npy;
using Decant.Reports;
using Decant.Runtime;
using Decant.Tests.Cli;
using Decant.Tests.Data;
using Decant.Tests.Runs;
using Decant.Zoo;
using Xunit;

namespace Decant.Tests.Comparison;

public sealed class NetworkComparisonTests
{
    private static readonly ComparisonOptions OnTest = new()
    {
        Data = TinyRun.Test,
        Preprocessing = Preprocessing.Parse("scale=1/255"),
        Times = false,
    };

    [Fact]
    public void ANetworkEqualsItself()
    {
        Network network = TinyRun.Convolutions();
        ComparisonReport report = Compare(network, network);
        Assert.Equal(3, report.Layers.Count);
        Assert.All(report.Layers, l => Assert.Equal(double.PositiveInfinity, l.Sqnr));
        Assert.Null(report.DivergesAt);
        Assert.Equal(1, report.Fidelity!["agreement"]);
        Assert.Equal("classification", report.Task);
        Assert.Equal(report.FirstScore, report.SecondScore);
        Assert.Contains("equal", MarkdownReport.Of(report.ToDocument()), StringComparison.Ordinal);
    }

    [Fact]
    public void TheLayerThatWasChangedIsWhereTheyDiverge()
    {
        Network network = TinyRun.Convolutions();
        ComparisonReport report = Compare(network, Negated(network, "conv2.weight"));
        Assert.Equal("conv2", report.DivergesAt!.Name);
        Assert.Equal(double.PositiveInfinity, report.Layers[0].Sqnr);
        Assert.All(report.Layers.Skip(1), l => Assert.True(l.Sqnr < 20));
        Assert.True(report.Fidelity!["cosine similarity"] < 0.99);
    }

    [Fact]
    public void TheSqnrOfTheLastLayerIsThatOfItsOutput()
    {
        Network network = TinyRun.Network(),
            other = TinyRun.Network(seed: 2);
        Tensor images = TinyRun.Test.Take([.. Enumerable.Range(0, 64)]).Read([.. Enumerable.Range(0, 64)]).Inputs[0];
        Tensor pixels = Tensor.Of(images.Shape, Array.ConvertAll(images.Array<byte>(), p => p / 255f));
        float[] was = new ReferenceExecutor(network).Run([pixels])[0].Array<float>(),
            now = new ReferenceExecutor(other).Run([pixels])[0].Array<float>();
        double signal = was.Sum(x => (double)x * x),
            noise = was.Zip(now, (x, y) => Math.Pow((double)x - y, 2)).Sum();
        Assert.Equal(10 * Math.Log10(signal / noise), Compare(network, other).Layers[^1].Sqnr, 2);
    }

    [Fact]
    public void WithoutDataOnlySizesAreCompared()
    {
        Network network = TinyRun.Network();
        ComparisonReport report = new NetworkComparison(new ComparisonOptions()).Run(
            new ComparedModel("a", network, 100),
            new ComparedModel("b", network, 200)
        );
        Assert.Empty(report.Layers);
        Assert.Null(report.Fidelity);
        Assert.Equal(report.First.Macs, report.Second.Macs);
        Assert.True(report.First.Macs > 0);
        Assert.NotNull(report.Time);
        Assert.Contains("b is no smaller than a", MarkdownReport.Of(report.ToDocument()), StringComparison.Ordinal);
    }

    [Fact]
    public void NetworksOfOtherInputsAreRefused()
    {
        var error = Assert.Throws<ModelException>(() =>
            Compare(TinyRun.Network(), Architectures.Create("lenet-300-100", 1))
        );
        Assert.Contains("networks of the same inputs can be compared", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheCommandSaysWhereTwoFilesDiverge()
    {
        using var folder = new TemporaryFolder();
        Network network = TinyRun.Convolutions();
        Models.Save(network, folder["a.onnx"]);
        Models.Save(Negated(network, "conv2.weight"), folder["b.onnx"]);
        NpzWriter.Save([new("x", TinyRun.Test.Images)], folder["images.npz"]);
        CommandLine.Result result = CommandLine
            .Run(
                "compare",
                folder["a.onnx"],
                folder["b.onnx"],
                "--data",
                folder["images.npz"],
                "--scale",
                "1/255",
                "--no-time"
            )
            .Succeeded();
        string[] lines = result.Out.Split('\n');
        Assert.Single(lines, l =>
            l.Contains("conv2", StringComparison.Ordinal) && l.Contains("below 20", StringComparison.Ordinal)
        );
        Assert.Contains("answers were compared on 100 examples", result.Out, StringComparison.Ordinal);
        Assert.All(lines, l => Assert.True(l.Length <= 80, l));
    }

    private static ComparisonReport Compare(Network first, Network second) =>
        new NetworkComparison(OnTest).Run(new ComparedModel("a", first), new ComparedModel("b", second));

    private static Network Negated(Network network, string weight)
    {
        Tensor tensor = network.Weights[weight].Encoding.Decode();
        var negated = new DenseEncoding(Tensor.Of(tensor.Shape, Array.ConvertAll(tensor.Array<float>(), v => -v)));
        return network.With(new Dictionary<string, Encoding> { [weight] = negated });
    }
}
