using Decant.Core;
using Decant.Data;
using Decant.Sensitivity;
using Xunit;

namespace Decant.Tests.Sensitivity;

public sealed class LevelSearchTests
{
    private const double Reference = 0.9;

    [Fact]
    public void LevelsThatAreGoodTogetherAreThoseOfEachAlone()
    {
        SensitivityChoice choice = new LevelSearch(Report(), 0.8, _ => (Scores.Top(0.81, 100), 7)).Run(null);
        Assert.Equal([0.9, 0.5, 0.9], choice.Levels.Select(l => Math.Round(l.Level, 1)));
        Assert.Equal((0.81, 7, 3000, 0.8), (choice.Score.Primary.Value, choice.Kept, choice.Of, choice.Target));
    }

    [Theory]
    [InlineData(0.02)]
    [InlineData(0.1)]
    [InlineData(0.4)]
    public void LevelsThatAreTooHighTogetherAreScaledBackUntilTheyAreGood(double loss)
    {
        // Losses add up, and more than so.
        var tried = new List<double[]>();
        SensitivityReport report = Report();
        double Accuracy(IReadOnlyDictionary<string, double> levels) => Reference - 0.3 * levels.Values.Sum(l => l * l);
        SensitivityChoice choice = new LevelSearch(report, Reference - loss, levels =>
        {
            tried.Add([.. report.Curves.Select(c => levels[c.Name])]);
            return (Scores.Top(Accuracy(levels), 100), 0);
        }).Run(null);
        double[] chosen = [.. choice.Levels.Select(l => l.Level)];
        Assert.InRange(choice.Score.Primary.Value, Reference - loss, Reference - 0.9 * loss);
        Assert.All(tried[0].Zip(chosen), p => Assert.InRange(p.Second, 0, p.First));
        Assert.Equal(tried.Count, tried.DistinctBy(t => string.Join(' ', t)).Count());
        Assert.True(tried.Count <= 15);
    }

    [Fact]
    public void TheLevelOfACurveAloneIsTheLastBeforeItFirstFallsBelow()
    {
        var random = Rng.For(1, "curves");
        for (int n = 0; n < 200; n++)
        {
            double[] levels = [0, 0.1, 0.4, 0.8, 0.95],
                accuracies = [Reference, .. Enumerable.Range(0, 4).Select(_ => random.NextDouble(0.3, 1))];
            double target = random.NextDouble(0.3, Reference),
                level = new LevelSearch(Report(), target, _ => default).Alone(Curve("c", [.. levels.Zip(accuracies)]));
            for (double l = 0; l < 0.95; l += 0.001)
            {
                int i = levels.Count(x => x <= l);
                double accuracy =
                    accuracies[i - 1]
                    + (accuracies[i] - accuracies[i - 1]) * (l - levels[i - 1]) / (levels[i] - levels[i - 1]);
                if (l < level - 1e-6)
                    Assert.True(accuracy >= target - 1e-6, $"{l} of {level}: {accuracy} < {target}");
                if (accuracy < target - 1e-6)
                    Assert.True(l >= level, $"{l} of {level}");
                else if (l > level)
                    break;
            }
            Assert.True(level == 0.95 || accuracies.Min() < target);
        }
    }

    [Fact]
    public void WhatNothingKeepsIsSaid()
    {
        string above = Assert
            .Throws<DecantException>(() => new LevelSearch(Report(), 0.95, _ => default).Run(null))
            .Message;
        Assert.Contains(
            "has top-1 90.00 % on 100 training examples of small, the validation set (seed 3), so that no "
                + "pruning keeps 95.00 %",
            above
        );
        string none = Assert
            .Throws<DecantException>(() => new LevelSearch(Report(), 0.85, _ => (Scores.Top(0.5, 100), 0)).Run(null))
            .Message;
        Assert.Contains("no pruning without retraining keeps top-1 85.00 %", none);
    }

    // One that never falls, one that falls straight from 0.5 on, one that dips below at first and is better than the
    // reference later.
    private static SensitivityReport Report() =>
        new(
            "small",
            3,
            Scores.Top(Reference, 100),
            false,
            [
                Curve("flat", (0, 0.9), (0.5, 0.9), (0.9, 0.9)),
                Curve("falls", (0, 0.9), (0.5, 0.8), (0.9, 0.1)),
                Curve("odd", (0, 0.9), (0.5, 0.85), (0.9, 0.95)),
            ]
        );

    private static SensitivityCurve Curve(string name, params (double Level, double Accuracy)[] points) =>
        new(name, 1000, [name], [.. points.Select(p => new SensitivityPoint(p.Level, 1, Scores.Top(p.Accuracy)))]);
}
