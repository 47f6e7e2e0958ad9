using System.Diagnostics;
using Decant.Benchmarking;
using Decant.Core;
using Decant.Reports;
using Decant.Techniques;
using Decant.Techniques.Clustering;

namespace Decant.Bench;

/// <summary>How long exact k-means of many weights takes.</summary>
internal sealed class SharingBenchmark : IBenchmark
{
    private const int Count = 10_000_000,
        Runs = 3;

    /// <inheritdoc/>
    public string Name => "sharing";

    /// <inheritdoc/>
    public string Description => "exact k-means of 10 million weights to 256 shared numbers";

    /// <inheritdoc/>
    public IReadOnlyList<ResultRow> Run()
    {
        Console.Error.WriteLine(Conditions.Here(withOnnxRuntime: false));
        var rng = new Rng(1);
        var weight = new Weight(
            "w",
            Tensor.Of(new Shape(Count), [.. Enumerable.Range(0, Count).Select(_ => (float)(0.05 * rng.NextNormal()))])
        );
        var network = new Network("", [], [], [], [weight]);
        var share = new WeightClustering(new WeightClusteringOptions { Bits = 8 });
        var seconds = new double[Runs];
        for (int run = 0; run < Runs; run++)
        {
            long start = Stopwatch.GetTimestamp();
            share.Plan(new TechniqueContext(network, [weight]))[0].Apply(network);
            seconds[run] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            Console.Error.WriteLine($"  {seconds[run]:0.00} s");
        }
        Array.Sort(seconds);
        return
        [
            ResultRow.AtMost(
                $"exact k-means of {Count:N0} weights, 256 centroids, sorting and encoding included "
                    + $"({seconds[0]:0.0} to {seconds[^1]:0.0})",
                seconds[Runs / 2],
                20,
                3,
                "s"
            ),
        ];
    }
}
