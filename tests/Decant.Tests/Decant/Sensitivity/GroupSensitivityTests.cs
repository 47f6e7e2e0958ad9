using Decant.Core;
using Decant.Data;
using Decant.Pipelines;
using Decant.Runs;
using Decant.Runtime;
using Decant.Sensitivity;
using Xunit;

namespace Decant.Tests.Sensitivity;

public sealed class GroupSensitivityTests
{
    private static readonly SensitivityOptions Options = Centroids.Options with
    {
        Structured = true,
        Levels = [0.25, 0.5, 0.75, 0.99],
    };

    [Fact]
    public void EveryPointIsWhatZeroingTheWeakestNeuronsGives()
    {
        Network network = Centroids.Network();
        SensitivityReport report = new SensitivityAnalysis(network, Options).Run();
        SensitivityCurve curve = Assert.Single(report.Curves);
        Assert.Equal(("fc1", 49L), (curve.Name, curve.Of));
        Assert.Equal("fc1.weight", Assert.Single(curve.Weights));
        Assert.Equal([0, 0.25, 0.5, 0.75], curve.Points.Select(p => p.Level));
        Assert.True(curve.Points[^1].Value < report.Reference.Primary.Value);
        LabelledImages images = Centroids.Train.Split(100, 1).HeldOut;
        foreach (SensitivityPoint point in curve.Points)
        {
            Assert.Equal((long)Math.Round(49 * (1 - point.Level)), point.Kept);
            Network zeroed = Zeroed(network, (int)point.Kept);
            using var executor = new ReferenceExecutor(zeroed);
            Assert.Equal(
                new Classification().Evaluate(zeroed, executor, images, Preprocessings.Default).Primary.Value,
                point.Value
            );
        }
        Assert.StartsWith("group,level,", SensitivityCsv.Of(report));
        Assert.Contains("group of channels", SensitivityPlot.Of(report));
    }

    [Fact]
    public void TheRecipeKeepsTheAccuracyThatItPromises()
    {
        Network network = Centroids.Network();
        var analysis = new SensitivityAnalysis(network, Options);
        SensitivityReport report = analysis.Run();
        double target = report.Reference.Primary.Value - 0.1;
        SensitivityChoice choice = analysis.Choose(report, target);
        (Network thinned, var ran) = new Compressor(
            SensitivityRecipe.Of(report, choice),
            new CompressionOptions { Train = Options.Train, Test = Options.Train.Split(100, 1).HeldOut }
        ).Run(network, null);
        Assert.True(ran.After!.Primary.Value >= target);
        Assert.Equal(choice.Score.Primary.Value, ran.After!.Primary.Value);
        Assert.Equal(new Shape((int)choice.Kept, 49), thinned.Weights["fc1.weight"].Encoding.Shape);
        Assert.True(choice.Kept < 49);
    }

    [Fact]
    public void WeightsThatMakeNothingThatCanBeCutAreRefused() =>
        Assert.Contains(
            "the patterns match no weight that produces channels which can be pruned",
            Assert
                .Throws<DecantException>(() =>
                    new SensitivityAnalysis(Centroids.Network(), Options with { Weights = ["fc2*"] })
                )
                .Message
        );

    // By the sum of magnitudes of what makes a neuron.
    private static Network Zeroed(Network network, int kept)
    {
        float[] weight = [.. network.Weights["fc1.weight"].Encoding.Decode().Array<float>()];
        int[] cut =
        [
            .. Enumerable
                .Range(0, 49)
                .OrderByDescending(n => weight.Skip(49 * n).Take(49).Sum(v => (double)MathF.Abs(v)))
                .Skip(kept),
        ];
        foreach (int n in cut)
            Array.Clear(weight, 49 * n, 49);
        return network.With(
            new Dictionary<string, Encoding>
            {
                ["fc1.weight"] = new DenseEncoding(Tensor.Of(new Shape(49, 49), weight)),
            }
        );
    }
}
