using System.Globalization;
using Decant.Core;
using Decant.Pipelines;
using Decant.Reports;

namespace Decant.Reproduce;

/// <summary>
/// Gong, Liu, Yang, Bourdev (2014), on LeNet-5 and MNIST: the large fully connected layer of one trained network as
/// signs, shared numbers, products and residues of shared vectors, at several sizes each, nothing trained after. What
/// the layer takes in the file, codebooks too, against what the file errs; also as a picture.
/// </summary>
internal sealed class VectorRatesExperiment : IExperiment
{
    private static readonly Method[] Methods =
    [
        new("signs", ["technique: binarization"]),
        new("k-means", [.. Enumerable.Range(1, 5).Select(b => $"technique: weight-clustering, bits: {b}")]),
        new(
            "product",
            [
                .. new[] { (8, 2), (8, 4), (4, 2), (4, 4), (4, 6), (2, 4), (2, 6) }.Select(p =>
                    $"technique: vector-quantization, codebooks: columns, length: {p.Item1}, bits: {p.Item2}"
                ),
            ]
        ),
        new(
            "residual",
            [
                .. new[] { (32, 1), (16, 1), (16, 2), (8, 1), (8, 2), (8, 3) }.Select(p =>
                    $"technique: vector-quantization, length: {p.Item1}, bits: 8, stages: {p.Item2}"
                ),
            ]
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
                .. (setting.Quick ? method.Options.Take(1) : method.Options)
                    .Select((o, i) => Point(work, network, $"{method.Name}-{i + 1}", o))
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

    private static RatePoint Point(ExperimentRuns work, Network network, string name, string options)
    {
        string yaml = $$"""
            recipe: vector-quantization
            techniques:
              few: {{{options}}, weights: fc1.weight}
            stages:
              - {name: few, use: few}
            """;
        CompressionReport report = work.Compress(name, network, Pipeline.Parse(yaml, name), 1).Report;
        LayerReport layer = report.Stages[^1].Layers.Single(l => l.Name == "fc1.weight");
        return new RatePoint(
            string.Join(", ", options.Split(", ").Skip(1)),
            4.0 * layer.Parameters / layer.Bytes,
            100 * (1 - report.After!.Primary.Value)
        );
    }

    private sealed record Method(string Name, IReadOnlyList<string> Options);
}
