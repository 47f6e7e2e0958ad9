using Decant.Data;

namespace Decant.Tests;

/// <summary>Scores made by hand.</summary>
internal static class Scores
{
    public static Score Top(double top1, int count = 100, double top5 = 1) =>
        new(
            [
                new("top-1", top1, "%", MetricDirection.HigherIsBetter),
                new("top-5", top5, "%", MetricDirection.HigherIsBetter),
            ],
            count
        );
}
