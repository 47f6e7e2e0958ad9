using System.CommandLine;
using Decant.Cli.Screen;
using Decant.Core;
using Decant.Data;
using Decant.Quantization;
using Decant.Reports;
using Decant.Runs;
using Decant.Techniques.Quantization;

namespace Decant.Cli.Commands;

internal sealed class QuantizeCommand
{
    private readonly ModelOptions model;
    private readonly Option<string> output = CommonOptions.Output("the .dcnt file to write");
    private readonly Option<string?> recipe = new("--recipe")
    {
        Description = "also write the recipe, for decant compress, to this .yaml file",
    };
    private readonly Option<string?> test = new("--test")
    {
        Description = "the test set, as for --data (its test part)",
    };
    private readonly Option<string?> stats = new("--stats")
    {
        Description = "a file of decant stats, in place of what the images say",
    };
    private readonly Option<string?> parameters = new("--parameters")
    {
        Description =
            "a file of --write-parameters, perhaps edited: scales and zero points that are taken as they are; where it "
            + "has those of every value, no --data is needed with --no-bias-correction",
    };
    private readonly Option<string?> written = new("--write-parameters")
    {
        Description = "also write scale and zero point of each value and weight to this .yaml file",
    };
    private readonly Option<ulong> seed = CommonOptions.Seed();
    private readonly Option<int> threads = CommonOptions.Threads();
    private readonly DataOptions data;
    private readonly QuantizeFlags flags;
    private readonly ReportOptions report;

    private QuantizeCommand(Command command)
    {
        model = new ModelOptions(command);
        foreach (Option option in new Option[] { output, recipe, test, stats, parameters, written })
            command.Options.Add(option);
        data = new DataOptions(command, required: false);
        flags = new QuantizeFlags(command);
        report = new ReportOptions(command);
        foreach (Option option in new Option[] { seed, threads })
            command.Options.Add(option);
        command.Runs(Run);
    }

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
            "decant quantize resnet20.onnx --data cifar-10 --size 150kB -o resnet20.dcnt",
            "decant quantize resnet20.onnx --data cifar-10 --loss 0.5% -o resnet20.dcnt",
            "decant quantize encoder.onnx --weights-only --bits 4 --block 32 -o encoder-w4.dcnt",
            "decant export resnet20-int8.dcnt --qdq -o resnet20-int8.onnx"
        );
        _ = new QuantizeCommand(command);
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string path = CommonOptions.ToWrite(parsed.GetValue(output)!);
        if (Path.GetExtension(path) != ".dcnt")
            throw new UsageException(
                $"the output of quantize is a .dcnt file, not {path}; decant export --qdq makes ONNX of it"
            );
        string? yaml = CommonOptions.ToWrite(parsed.GetValue(recipe)),
            scales = CommonOptions.ToWrite(parsed.GetValue(written));
        Network network = model.Load(parsed, parsed.GetValue(seed));
        QuantizationOptions options = flags.Read(parsed);
        CompressionOptions run = Options(parsed, network, cancellation);
        if (run.Train is null && run.Parameters is null && options.NeedsData)
            throw new UsageException(
                options.Rounding == WeightRounding.Adaptive ? "--rounding adaptive looks at data; add --data"
                : options.Dynamic ? "--data is missing: what is lost is measured on it"
                : "--data is missing: activations are calibrated on it; --weights-only and --dynamic do without"
            );
        var quantization = new PostTrainingQuantization(options, run);
        QuantizationResult result = LiveProgress.Run("quantize", live =>
            quantization.Run(network, path, new RunDisplay(live), cancellation)
        );
        if (yaml is not null)
            AtomicFile.Write(yaml, result.Pipeline.ToYaml());
        if (scales is not null)
            AtomicFile.Write(
                scales,
                QuantizationParametersFile.Write(QuantizationParameters.Of(result.Network), network.Name)
            );
        DataOptions.WarnOfAssumed(result.Report.AssumedPreprocessing);
        report.Print(parsed, result.ToDocument().With([.. Advice(result)]));
        return 0;
    }

    private CompressionOptions Options(ParseResult parsed, Network network, CancellationToken cancellation) =>
        new()
        {
            Preprocessing = data.Preprocessing(parsed),
            Task = data.Task(parsed),
            Seed = parsed.GetValue(seed),
            Train = data.Open(parsed, network, DatasetPart.Train, cancellation),
            Threads = CommonOptions.AtLeast(0, parsed.GetValue(threads), threads),
            Test = data.Open(parsed, network, DatasetPart.Test, cancellation, parsed.GetValue(test)),
            ComparesSpeed = true,
            Parameters = parsed.GetValue(parameters) is { } given ? QuantizationParametersFile.Load(given) : null,
            Statistics = parsed.GetValue(stats) is { } from ? StatisticsFile.Load(from) : null,
        };

    /// <summary>What to try next, where something was lost.</summary>
    private static IEnumerable<ReportLine> Advice(QuantizationResult result)
    {
        if (result.Report.PointsLost is not > 0 || result.Errors.Count == 0)
            yield break;
        yield return new ReportLine(
            result.MostSensitive is { } worst
                ? $"if that is too much: --keep \"{worst.Weight}\" leaves the most sensitive layer as floats"
                : "with adaptive rounding layers compensate for each other, so that none is most sensitive alone; "
                    + "without --rounding adaptive the most sensitive one is named"
        );
    }
}
