using System.CommandLine;
using System.Globalization;
using Decant.Cli.Screen;
using Decant.Core;
using Decant.Data;
using Decant.Quantization;
using Decant.Reports;
using Decant.Runs;

namespace Decant.Cli.Commands;

internal static class QuantizeCommand
{
    public static Command Create()
    {
        var command = new Command(
            "quantize",
            "Post-training quantization: quantizes weights and activations without training, and prints the "
                + "error of each layer."
        ).WithExample(
            "decant quantize resnet20.onnx --data cifar-10 -o resnet20-int8.dcnt",
            "decant quantize squeezenet.onnx --data calibration.npz --test val.npz --weight-bits 4 "
                + "--rounding adaptive -o squeezenet.dcnt",
            "decant quantize resnet20.onnx --data cifar-10 --size 150000 -o resnet20.dcnt",
            "decant quantize resnet20.onnx --data cifar-10 --loss 0.5 -o resnet20.dcnt",
            "decant export resnet20-int8.dcnt --qdq -o resnet20-int8.onnx"
        );
        Argument<string> model = CommonOptions.Model();
        Option<string?> weights = CommonOptions.Weights();
        Option<string> output = CommonOptions.Output("the .dcnt file to write");
        var recipe = new Option<string?>("--recipe")
        {
            Description = "also write the recipe, for decant compress, to this .yaml file",
        };
        var test = new Option<string?>("--test") { Description = "the test set, as for --data (its test part)" };
        var stats = new Option<string?>("--stats")
        {
            Description = "a file of decant stats, in place of what the images say",
        };
        command.Arguments.Add(model);
        foreach (Option option in new Option[] { weights, output, recipe, test, stats })
            command.Options.Add(option);
        var data = new DataOptions(command, required: true);
        var flags = new QuantizeFlags(command);
        Option<ulong> seed = CommonOptions.Seed();
        Option<int> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.AsJson();
        foreach (Option option in new Option[] { seed, threads, json })
            command.Options.Add(option);
        command.SetAction(
            (parsed, cancellation) =>
                Task.FromResult(
                    Failures.Guard(() =>
                    {
                        string path = CommonOptions.ToWrite(parsed.GetValue(output)!);
                        if (Path.GetExtension(path) != ".dcnt")
                            throw new UsageException(
                                $"the output of quantize is a .dcnt file, not {path}; decant export --qdq "
                                    + "makes ONNX of it"
                            );
                        string? yaml = CommonOptions.ToWrite(parsed.GetValue(recipe));
                        Network network = Models.Load(
                            parsed.GetValue(model)!,
                            parsed.GetValue(seed),
                            parsed.GetValue(weights)
                        );
                        QuantizationOptions quantization = flags.Read(parsed);
                        var options = new CompressionOptions
                        {
                            Preprocessing = data.Preprocessing(parsed),
                            Task = data.Task(parsed),
                            Seed = parsed.GetValue(seed),
                            Train = data.Open(parsed, DatasetPart.Train),
                            Threads = CommonOptions.AtLeast(0, parsed.GetValue(threads), threads),
                            Test = data.Open(parsed, DatasetPart.Test, parsed.GetValue(test)),
                            ComparesSpeed = true,
                            Statistics = parsed.GetValue(stats) is { } from ? StatisticsFile.Load(from) : null,
                        };
                        QuantizationResult result = LiveProgress.Run("quantize", live =>
                            new PostTrainingQuantization(quantization, options).Run(
                                network,
                                path,
                                new RunDisplay(live),
                                cancellation
                            )
                        );
                        if (yaml is not null)
                            AtomicFile.Write(yaml, result.Pipeline.ToYaml());
                        (CompressionReport report, IReadOnlyList<LayerError> errors) = (result.Report, result.Errors);
                        DataOptions.WarnOfAssumed(report.AssumedPreprocessing);
                        if (parsed.GetValue(json))
                            Json.Print(new { report, errors });
                        else
                            Show(report, errors, quantization.Rounding == WeightRounding.Nearest);
                        return 0;
                    })
                )
        );
        return command;
    }

    private static void Show(CompressionReport report, IReadOnlyList<LayerError> errors, bool layersStandAlone)
    {
        if (!layersStandAlone)
        {
            Tables.Print(
                ["layer", "weight", "bits", "SQNR dB"],
                errors.Select(e => (IReadOnlyList<string>)[e.Layer, e.Weight, $"{e.Bits}", Decibels(e.Sqnr)]),
                words: 2
            );
            Tables.Summary(report);
            if (LostAny(report))
                Console.WriteLine(
                    "with adaptive rounding layers compensate for each other, so that none is most sensitive alone; "
                        + "without "
                        + "--rounding adaptive the most sensitive one is named"
                );
            return;
        }
        double worst = errors.Count == 0 ? 0 : errors.Min(e => e.AloneSqnr);
        Tables.Print(
            ["layer", "weight", "bits", "SQNR dB", "output SQNR, alone", ""],
            errors.Select(e =>
                (IReadOnlyList<string>)
                    [
                        e.Layer,
                        e.Weight,
                        $"{e.Bits}",
                        Decibels(e.Sqnr),
                        Decibels(e.AloneSqnr),
                        e.AloneSqnr == worst ? "most sensitive" : "",
                    ]
            ),
            words: 2
        );
        Tables.Summary(report);
        if (errors.Count > 0 && LostAny(report))
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"if that is too much: --keep \"{errors.MinBy(e => e.AloneSqnr)!.Weight}\" leaves the most "
                        + $"sensitive layer as floats"
                )
            );
    }

    private static bool LostAny(CompressionReport report) =>
        report is { Before: { } before, After: { } after } && after.PointsLostSince(before) > 0;

    private static string Decibels(double value) =>
        double.IsInfinity(value) ? "exact" : value.ToString("0.0", CultureInfo.InvariantCulture);
}
