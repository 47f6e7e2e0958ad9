using Decant.Core;
using Decant.Data;
using Decant.Runtime;
using Decant.Sensitivity;
using Decant.Tests.Data;
using Decant.Training;
using Xunit;

namespace Decant.Tests.Sensitivity;

public sealed class SensitivityAnalysisTests
{
    [Fact]
    public void EveryPointIsWhatPruningByHandGives()
    {
        Network network = Centroids.Network();
        SensitivityReport report = new SensitivityAnalysis(network, Centroids.Options).Run();
        LabelledImages images = Centroids.Train.Split(100, 1).HeldOut;
        Assert.Equal(["fc1.weight", "fc2.weight"], report.Curves.Select(c => c.Name));
        Assert.Equal(100, report.Reference.Count);
        Assert.True(report.Reference.Primary.Value > 0.6, $"{report.Reference.Primary.Value}");
        Assert.True(
            report.Curves.Any(c => c.Points[^1].Value < report.Reference.Primary.Value - 0.1),
            "no curve falls"
        );
        foreach (SensitivityCurve curve in report.Curves)
        {
            Assert.Equal([0, 0.3, 0.6, 0.9, 0.95, 0.99], curve.Points.Select(p => p.Level));
            foreach (SensitivityPoint point in curve.Points)
            {
                (float[] numbers, Score score) = ByHand(network, curve.Name, point.Level, images);
                Assert.Equal(score, point.Score);
                Assert.Equal((numbers.Count(v => v != 0), (long)numbers.Length), (point.Kept, curve.Of));
            }
        }
    }

    [Fact]
    public void LevelsThatLeaveNothingAreNotMeasured()
    {
        Network network = Centroids.Network();
        SensitivityReport report = new SensitivityAnalysis(
            network,
            Centroids.Options with
            {
                Weights = ["fc*.bias"],
                Levels = [0.5, 0.94, 0.96, 0.99],
            }
        ).Run();
        Assert.Equal([0, 0.5, 0.94, 0.96], report.Curves[0].Points.Select(p => p.Level));
        Assert.Equal([0, 0.5, 0.94], report.Curves[1].Points.Select(p => p.Level));
        Assert.Equal([5, 1], report.Curves[1].Points.Skip(1).Select(p => p.Kept));
    }

    [Fact]
    public void WhatIsPrunedAlreadyStaysSoAndIsNotWorse()
    {
        Network network = Centroids.Network();
        Network sparse = network.With(
            new Dictionary<string, Encoding>
            {
                ["fc1.weight"] = SparseEncoding.FromNonZeros(
                    Tensor.Of(new Shape(49, 49), Pruned(network, "fc1.weight", 0.9))
                ),
            }
        );
        SensitivityReport report = new SensitivityAnalysis(sparse, Centroids.Options).Run();
        Assert.All(report.Curves[0].Points.Take(4), p =>
            Assert.Equal((240, report.Reference.Primary.Value), (p.Kept, p.Value))
        );
        Assert.Equal(24, report.Curves[0].Points[^1].Kept);
    }

    [Theory]
    [InlineData("level 1 is out of range; a level is a number from 0 to 0.99999")]
    [InlineData("cannot hold out 201 training examples; small has 200: from 1 to 200 would work")]
    [InlineData("'conv*' matches no weight; the network has fc1.weight, fc1.bias, fc2.weight, fc2.bias")]
    [InlineData("criterion 'similarity' ranks blocks and layers")]
    [InlineData("digits has images of 1×28×28; input 'image' takes ")]
    [InlineData("small has no training examples to measure on")]
    public void WhatCannotBeMeasuredIsSaid(string message)
    {
        SensitivityOptions options = Centroids.Options;
        options = message switch
        {
            ['l', ..] => options with { Levels = [0.5, 1] },
            ['c', 'a', ..] => options with { Images = 201 },
            ['\'', ..] => options with { Weights = ["fc1*", "conv*"] },
            ['c', 'r', ..] => options with { Criterion = new Decant.Techniques.Pruning.SimilarityCriterion() },
            ['s', ..] => options with { Train = Centroids.Train.First(0), Images = null },
            _ => options with { Train = Digits.Make(100), Images = null },
        };
        Assert.Contains(
            message,
            Assert.ThrowsAny<DecantException>(() => new SensitivityAnalysis(Centroids.Network(), options).Run()).Message
        );
    }

    [Fact]
    public void AFolderOfAnotherAnalysisIsRefused()
    {
        using var folder = new TemporaryFolder();
        SensitivityOptions options = Centroids.Options with { Folder = folder["a"], Images = 20, Levels = [0.5] };
        Network network = Centroids.Network();
        new SensitivityAnalysis(network, options).Run();
        Refused("network", Centroids.Network(2), options);
        Refused("data", network, options with { Train = Centroids.Train.First(199) });
        Refused("preprocessing", network, options with { Preprocessing = Preprocessing.None });
        Refused("number of images, seed", network, options with { Images = 30, Seed = 2 });
        Refused("what is pruned, levels", network, options with { Weights = ["fc1*"], Levels = [0.6] });
        new SensitivityAnalysis(network, options with { Threads = 2 }).Run();
    }

    [Fact]
    public void AnAnalysisThatIsDoneIsReadAndNotMeasuredAgain()
    {
        using var folder = new TemporaryFolder();
        SensitivityOptions options = Centroids.Options with { Folder = folder["a"] };
        new SensitivityAnalysis(Centroids.Network(), options).Run();
        string points = folder["a/points.jsonl"];
        File.WriteAllText(
            points,
            string.Concat(
                File.ReadAllLines(points)
                    .Select(l =>
                        (
                            l.Contains("fc2", StringComparison.Ordinal)
                                ? l.Replace("\"top-5\",\"value\":", "\"top-5\",\"value\":1", StringComparison.Ordinal)
                                : l
                        ) + "\n"
                    )
            )
        );
        SensitivityReport again = new SensitivityAnalysis(Centroids.Network(), options).Run();
        Assert.All(again.Curves[1].Points, p => Assert.True(p.Score["top-5"] >= 1));
        Assert.All(again.Curves[0].Points, p => Assert.True(p.Score["top-5"] <= 1));
    }

    [Fact]
    public void AnAnalysisThatIsStoppedGoesOnToTheSameBytes()
    {
        using var folder = new TemporaryFolder();
        Network network = Centroids.Network();
        SensitivityOptions options = Centroids.Options with { Folder = folder["whole"] };
        new SensitivityAnalysis(network, options).Run();
        using var stop = new CancellationTokenSource();
        options = options with { Folder = folder["cut"] };
        Assert.ThrowsAny<OperationCanceledException>(() =>
            new SensitivityAnalysis(network, options).Run(
                new Callback(p =>
                {
                    if (p.What == "fc2.weight")
                        stop.Cancel();
                }),
                stop.Token
            )
        );
        Assert.Equal(7, File.ReadAllLines(folder["cut/points.jsonl"]).Length);
        Assert.False(File.Exists(folder["cut/sensitivity.csv"]));
        new SensitivityAnalysis(network, options).Run();
        AssertSame(folder["whole"], folder["cut"]);
    }

    [Fact]
    public void AnAnalysisThatWasKilledAnywhereGoesOnToTheSameBytes()
    {
        using var folder = new TemporaryFolder();
        Network network = Centroids.Network();
        SensitivityOptions options = Centroids.Options with { Folder = folder["whole"] };
        new SensitivityAnalysis(network, options).Run();
        byte[] points = File.ReadAllBytes(folder["whole/points.jsonl"]);
        for (int length = 0; length < points.Length; length += 37)
        {
            string cut = folder[$"cut-{length}"];
            Directory.CreateDirectory(cut);
            File.Copy(folder["whole/sensitivity.json"], Path.Combine(cut, "sensitivity.json"));
            File.WriteAllBytes(Path.Combine(cut, "points.jsonl"), points[..length]);
            new SensitivityAnalysis(network, options with { Folder = cut }).Run();
            AssertSame(folder["whole"], cut);
        }
    }

    private static void AssertSame(string whole, string other)
    {
        string[] names = [.. Directory.GetFiles(whole).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];
        Assert.Equal(["points.jsonl", "sensitivity.csv", "sensitivity.json", "sensitivity.svg"], names);
        Assert.Equal(names, Directory.GetFiles(other).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));
        foreach (string name in names)
            Assert.Equal(File.ReadAllText(Path.Combine(whole, name)), File.ReadAllText(Path.Combine(other, name)));
    }

    private static void Refused(string differences, Network network, SensitivityOptions options)
    {
        string message = Assert.Throws<DecantException>(() => new SensitivityAnalysis(network, options).Run()).Message;
        Assert.Contains($"differs in: {differences};", message);
    }

    private static (float[] Numbers, Score Score) ByHand(
        Network network,
        string weight,
        double level,
        LabelledImages images
    )
    {
        float[] numbers = Pruned(network, weight, level);
        Network pruned = network.With(
            new Dictionary<string, Encoding>
            {
                [weight] = new DenseEncoding(Tensor.Of(network.Weights[weight].Encoding.Shape, numbers)),
            }
        );
        using var executor = new ReferenceExecutor(pruned);
        return (numbers, new Classification().Evaluate(pruned, executor, images, Preprocessings.Default));
    }

    private static float[] Pruned(Network network, string weight, double level)
    {
        float[] numbers = [.. network.Weights[weight].Encoding.Decode().Array<float>()];
        foreach (
            int i in Enumerable
                .Range(0, numbers.Length)
                .OrderBy(i => MathF.Abs(numbers[i]))
                .ThenByDescending(i => i)
                .Take(numbers.Length - (int)Math.Round(numbers.Length * (1 - level)))
        )
            numbers[i] = 0;
        return numbers;
    }

    private sealed class Callback(Action<SensitivityProgress> seen) : IProgress<SensitivityProgress>
    {
        public void Report(SensitivityProgress value) => seen(value);
    }
}
