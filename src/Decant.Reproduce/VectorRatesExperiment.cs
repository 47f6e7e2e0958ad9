using System.Globalization;
using Decant.Core;
using Decant.Pipelines;
using Decant.Reports;
using Decant.Techniques;
using Decant.Techniques.Binarization;
using Decant.Techniques.Clustering;

namespace Decant.Reproduce;

/// <summary>
/// Gong, Liu, Yang, Bourdev (2014), on LeNet-5 and MNIST: the large fully connected layer of one trained network as
/// signs, centroids, products and residues of shared vectors, at several sizes each, nothing trained after. What
/// the layer takes in the file, codebooks too, against what the file errs; also as a picture.
/// </summary>
internal sealed class VectorRatesExperiment : IExperiment
{
    private const string Layer = "fc1.weight";

    /// <summary>The lines of the plot.</summary>
    internal static readonly Method[] Methods =
    [
        new("signs", [new Attempt("", new WeightBinarization(new WeightBinarizationOptions()))]),
        new("k-means", [.. Enumerable.Range(1, 5).Select(KMeans)]),
        new(
            "product",
            [Product(8, 2), Product(8, 4), Product(4, 2), Product(4, 4), Product(4, 6), Product(2, 4), Product(2, 6)]
        ),
        new(
            "residual",
            [Residual(32, 1), Residual(16, 1), Residual(16, 2), Residual(8, 1), Residual(8, 2), Residual(8, 3)]
        ),
    ];

    /// <inheritdoc/>
    public string Name => "vector-quantization";

    /// <inheritdoc/>
    public string Description =>
        $"LeNet-5's fully connected layer binary, clustered, by product and by residual vector "
        + $"quantization: error against size, with a plot";

    /// <inheritdoc/>
    public IReadOnlyList<ResultRow> Run(
        ExperimentSetting setting,
        IProgress<string> progress,
        CancellationToken cancellation
    )
    {
        var work = new ExperimentRuns(setting, setting.SetFor("mnist"), progress, cancellation);
        (Network network, CompressionReport trained) = work.Train("lenet-5", 1);
        var rows = new List<ResultRow>
        {
            ResultRow.Reported("floats: test error", 100 * (1 - trained.After!.Primary.Value), "%"),
        };
        var lines = new List<RateLine>();
        foreach (Method method in Methods)
        {
            RatePoint[] points =
            [
                .. (setting.Quick ? method.Attempts.Take(1) : method.Attempts)
                    .Select((a, i) => Point(work, network, $"{method.Name}-{i + 1}", a))
                    .OrderBy(p => p.Ratio),
            ];
            lines.Add(new RateLine(method.Name, points));
            rows.AddRange(
                points.Select(p =>
                    ResultRow.Reported(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{method.Name}{(p.What.Length > 0 ? $", {p.What}" : "")}: {p.Ratio:0.0}x "
                                + $"smaller, test error"
                        ),
                        p.Error,
                        "%"
                    )
                )
            );
        }
        AtomicFile.Write(Path.Combine(setting.Folder, "rates.svg"), RatePlot.Of(lines));
        return rows;
    }

    private static RatePoint Point(ExperimentRuns work, Network network, string name, Attempt attempt)
    {
        CompressionReport report = work.Compress(name, network, attempt.Recipe, 1).Report;
        LayerReport layer = report.Stages[^1].Layers.Single(l => l.Name == Layer);
        return new RatePoint(
            attempt.What,
            4.0 * layer.Parameters / layer.Bytes,
            100 * (1 - report.After!.Primary.Value)
        );
    }

    private static Attempt KMeans(int bits) =>
        new($"bits: {bits}", new WeightClustering(new WeightClusteringOptions { Bits = bits }));

    private static Attempt Product(int length, int bits) =>
        new(
            $"codebooks: columns, length: {length}, bits: {bits}",
            new VectorQuantization(
                new VectorQuantizationOptions
                {
                    Codebooks = CodebookSharing.Columns,
                    Length = length,
                    Bits = bits,
                }
            )
        );

    private static Attempt Residual(int length, int stages) =>
        new(
            $"length: {length}, bits: 8, stages: {stages}",
            new VectorQuantization(
                new VectorQuantizationOptions
                {
                    Length = length,
                    Bits = 8,
                    Stages = stages,
                }
            )
        );

    /// <summary>A line of the plot.</summary>
    internal sealed record Method(string Name, IReadOnlyList<Attempt> Attempts);

    /// <summary>A point of a line.</summary>
    /// <param name="What">What rows call it, beside its method.</param>
    /// <param name="Technique">What the layer is held by.</param>
    internal sealed record Attempt(string What, Technique Technique)
    {
        /// <summary>What is done to the network.</summary>
        public Pipeline Recipe =>
            new()
            {
                Name = "vector-quantization",
                Stages =
                [
                    new PipelineStage
                    {
                        Name = "few",
                        Uses = [new TechniqueUse("few", Technique) { Weights = [Layer] }],
                    },
                ],
            };
    }
}
