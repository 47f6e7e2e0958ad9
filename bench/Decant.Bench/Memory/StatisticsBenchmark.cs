using Decant.Benchmarking;
using Decant.Core;
using Decant.Data;
using Decant.Reports;
using Decant.Techniques.Statistics;

namespace Decant.Bench;

/// <summary>What statistics of a network's values take in memory, beyond what a batch of images takes.</summary>
internal sealed class StatisticsBenchmark : IBenchmark
{
    private const int Batch = NetworkStatistics.Batch,
        Images = 63,
        Runs = 3;

    /// <inheritdoc/>
    public string Name => "statistics";

    /// <inheritdoc/>
    public string Description => "peak memory of SqueezeNet's statistics on 63 images against that on one batch";

    /// <inheritdoc/>
    public IReadOnlyList<ResultRow> Run()
    {
        if (!OperatingSystem.IsLinux())
            throw new DecantException("this benchmark reads /proc and so needs Linux");
        using var folder = new ScratchFolder();
        double[] one = Peaks(Batch, folder["one.yaml"]),
            all = Peaks(Images, folder["all.yaml"]);
        return
        [
            ResultRow.Reported(
                $"statistics on {Batch} images, one batch: peak ({one[0]:0.0} to {one[^1]:0.0})",
                one[Runs / 2],
                "MiB"
            ),
            ResultRow.AtMost(
                $"on {Images} images: more than that ({all[0] - one[Runs / 2]:0.0} to {all[^1] - one[Runs / 2]:0.0})",
                all[Runs / 2] - one[Runs / 2],
                64,
                16,
                "MiB"
            ),
        ];
    }

    private static double[] Peaks(int images, string file)
    {
        string data = Path.Combine(DataRoot.Resolve().Find("imagenet", "imagenet"), "calibration-63.npz");
        double[] peaks =
        [
            .. Enumerable
                .Range(0, Runs)
                .Select(_ =>
                    Child
                        .Run(
                            "Decant.Cli.dll",
                            "stats",
                            RuntimeBenchmark.PathOf("squeezenet-v1.0-imagenet"),
                            "--data",
                            data,
                            "--scale",
                            "1",
                            "--mean",
                            "104,117,123",
                            "--channels",
                            "bgr",
                            "--samples",
                            $"{images}",
                            "--threads",
                            "1",
                            "-o",
                            file
                        )
                        .Peak / 1048576.0
                ),
        ];
        Array.Sort(peaks);
        return peaks;
    }
}
