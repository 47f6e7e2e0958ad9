namespace Decant.Bench;

/// <summary>Every benchmark there is: one line each.</summary>
internal static class BenchmarkCatalogue
{
    public static IReadOnlyList<IBenchmark> All { get; } =
    [
        new EpochBenchmark(),
        new MemoryBenchmark(),
        new RuntimeBenchmark(),
        new ThinnedBenchmark(),
        new ConvolutionBenchmark(),
        new Int8Benchmark(),
        new QdqBenchmark(),
        new WildModelsBenchmark(),
        new SharingBenchmark(),
        new StatisticsBenchmark(),
        new FilesBenchmark(),
        new LosslessBenchmark(),
        new CompressedKernelsBenchmark(),
        new MutationBenchmark(),
    ];
}
