using System.CommandLine;
using Decant.Cli.Screen;
using Decant.Core;
using Decant.Data;
using Decant.Quantization;
using Decant.Reports;
using Decant.Techniques.Statistics;

namespace Decant.Cli.Commands;

internal static class StatsCommand
{
    public static Command Create()
    {
        var command = new Command(
            "stats",
            "Collects statistics of a network's activations on images: ranges, means, histograms, by which quantize "
                + "chooses."
        ).WithExample(
            "decant stats resnet20.onnx --data cifar-10 -o resnet20.yaml",
            "decant quantize resnet20.onnx --data cifar-10 --stats resnet20.yaml -o resnet20.dcnt"
        );
        var model = new ModelOptions(command);
        Option<string> output = CommonOptions.Output("the .yaml file to write");
        var samples = new Option<int>("--samples")
        {
            Description = "calibration images (512)",
            DefaultValueFactory = _ => 512,
        };
        foreach (Option option in new Option[] { output, samples })
            command.Options.Add(option);
        var data = new DataOptions(command, required: true, scores: false);
        Option<ulong> seed = CommonOptions.Seed();
        Option<int> threads = CommonOptions.Threads();
        command.Options.Add(seed);
        command.Options.Add(threads);
        var report = new ReportOptions(command);
        command.Runs(
            (parsed, cancellation) =>
            {
                string path = CommonOptions.ToWrite(parsed.GetValue(output)!),
                    name = model.Name(parsed);
                if (Path.GetExtension(path) is not (".yaml" or ".yml"))
                    throw new UsageException($"stats writes a .yaml file, not {path}");
                Network network = model.Load(parsed, parsed.GetValue(seed));
                IDataSource images = data.Open(parsed, network, DatasetPart.Train, cancellation)!;
                data.WarnOfAssumed(parsed, network, images);
                int count = Math.Min(images.Count, CommonOptions.AtLeast(1, parsed.GetValue(samples), samples));
                NetworkStatistics statistics = LiveProgress.Run("stats", live =>
                {
                    return NetworkValues.Statistics(
                        network,
                        images,
                        count,
                        data.Preprocessing(parsed),
                        parsed.GetValue(seed),
                        CommonOptions.AtLeast(0, parsed.GetValue(threads), threads),
                        live,
                        cancellation
                    );
                });
                AtomicFile.Write(
                    path,
                    StatisticsFile.Write(statistics, $"{Path.GetFileName(name)} on {count} images of {images.Name}")
                );
                report.Print(parsed, DocumentOf(statistics, path));
                return 0;
            }
        );
        return command;
    }

    private static ReportDocument DocumentOf(NetworkStatistics statistics, string path) =>
        new(
            new
            {
                file = path,
                activations = statistics.Values.Select(v => new
                {
                    name = v.Key,
                    shape = v.Value.Shape.ToString(),
                    min = v.Value.Low,
                    max = v.Value.High,
                    v.Value.Mean,
                    v.Value.Deviation,
                }),
            },
            ReportTable.Of(
                ["activation", "shape", "min", "max", "mean of min", "mean of max", "mean", "deviation", "Laplace b"],
                statistics.Values.Select(v =>
                    (IReadOnlyList<string>)
                        [
                            v.Key,
                            v.Value.Shape.ToString(),
                            N(v.Value.Low),
                            N(v.Value.High),
                            N(v.Value.AverageLow),
                            N(v.Value.AverageHigh),
                            N(v.Value.Mean),
                            N(v.Value.Deviation),
                            N(v.Value.Laplace),
                        ]
                ),
                words: 2
            ),
            new ReportLine($"{path}: statistics of {statistics.Values.Count} activations")
        );

    private static string N(double value) => ReportText.Number(value, "0.####");
}
