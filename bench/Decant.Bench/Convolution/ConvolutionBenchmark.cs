using System.Diagnostics;
using Decant.Reports;

namespace Decant.Bench;

/// <summary>
/// A 3×3 convolution of 64 channels at 56×56 against the most multiply-adds that this machine does, by turns on one
/// thread.
/// </summary>
internal sealed class ConvolutionBenchmark : IBenchmark
{
    private const int Channels = 64,
        Side = 56,
        Rounds = 21;
    private const double Operations = 2.0 * Side * Side * Channels * Channels * 9;

    /// <inheritdoc/>
    public string Name => "convolution";

    /// <inheritdoc/>
    public string Description =>
        "a 3x3 convolution of 64 channels at 56x56 as a part of the processor's peak of multiply-adds";

    /// <inheritdoc/>
    public IReadOnlyList<ResultRow> Run()
    {
        var random = new Random(1);
        var layer = DenseLayer.Convolution(
            [.. Enumerable.Range(0, Channels * Channels * 9).Select(_ => (float)(random.NextDouble() - 0.5))],
            Channels,
            Side
        );
        var peak = new PeakLoop();
        var (rates, parts) = (new List<double>(), new List<double>());
        for (int round = -5; round < Rounds; round++)
        {
            double most = peak.Gigaflops(),
                rate = Rate(layer);
            if (round < 0)
                continue;
            rates.Add(rate);
            parts.Add(rate / most);
        }
        parts.Sort();
        return
        [
            ResultRow.AtLeast(
                $"3x3 convolution, 64 to 64 channels, 56x56, at {EpochPairs.Median(rates):0} GFLOP/s of "
                    + $"direct convolution, over the measured peak (quartiles {parts[Rounds / 4]:0.00} to "
                    + $"{parts[Rounds * 3 / 4]:0.00})",
                EpochPairs.Median(parts),
                0.8,
                1.4,
                "x"
            ),
        ];
    }

    private static double Rate(DenseLayer layer)
    {
        const int runs = 40;
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < runs; i++)
            layer.Run();
        return runs * Operations / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9;
    }
}
