using Decant.Benchmarking;
using Decant.Core;
using Decant.Reports;

namespace Decant.Bench;

/// <summary>The most memory that compressing a large network takes.</summary>
internal sealed class MemoryBenchmark : IBenchmark
{
    private const double Weights = 138_357_544;

    private const string Recipe = """
        recipe: bench-memory
        techniques:
          prune: {technique: weight-pruning, weights: "*.weight", level: 0.92}
          share: {technique: weight-clustering, weights: "*.weight", bits: 5}
        stages:
          - {name: prune, use: prune}
          - {name: share, use: share}
        """;

    /// <inheritdoc/>
    public string Name => "memory";

    /// <inheritdoc/>
    public string Description => "peak memory of compressing 138 M weights (VGG-16's shape, random) without training";

    /// <inheritdoc/>
    public IReadOnlyList<ResultRow> Run()
    {
        if (!OperatingSystem.IsLinux())
            throw new DecantException("this benchmark reads /proc and so needs Linux");
        using var folder = new ScratchFolder();
        string model = folder["big.onnx"],
            recipe = folder["recipe.yaml"],
            file = folder["big.dcnt"];
        AtomicFile.Write(recipe, Recipe);
        Console.Error.WriteLine("making the network");
        Child.Run("Decant.Bench.dll", MakeVgg.Verb, model);
        var (peak, seconds) = Child.Run("Decant.Cli.dll", "compress", model, "--recipe", recipe, "-o", file);
        double size = 4 * Weights;
        return
        [
            ResultRow.AtMost(
                $"peak memory, {Weights:N0} weights ({size / 1e6:0} MB), prune and share, exact k-means",
                peak / size,
                3,
                2,
                "x its size"
            ),
            ResultRow.Reported("the same peak", peak / 1e6, "MB"),
            ResultRow.Reported("time of the whole command", seconds, "s"),
            ResultRow.Reported("file", new FileInfo(file).Length, "bytes"),
        ];
    }
}
