using System.CommandLine;
using Decant.Cli.Screen;
using Decant.Comparison;
using Decant.Core;
using Decant.Data;

namespace Decant.Cli.Commands;

internal static class CompareCommand
{
    public static Command Create()
    {
        var command = new Command(
            "compare",
            "Compares two networks of the same inputs: sizes and time; and on data answers, layers and metrics."
        ).WithExample(
            "decant compare resnet20.onnx resnet20.dcnt",
            "decant compare resnet20.onnx resnet20-int8.onnx --data cifar-10",
            "decant compare minilm.onnx minilm-w4.dcnt --data sentences.txt --tokenizer vocab.txt",
            "decant compare a.onnx b.onnx --data random:16"
        );
        var model = new ModelOptions(command);
        var other = new Argument<string>("other") { Description = "the model to compare with it, .onnx or .dcnt" };
        command.Arguments.Add(other);
        var data = new DataOptions(command, required: false);
        var part = new Option<string>("--part") { Description = "test or train", DefaultValueFactory = _ => "test" };
        part.AcceptOnlyFromAmong("test", "train");
        var threads = CommonOptions.Threads();
        var noTime = new Option<bool>("--no-time") { Description = "do not time them" };
        var report = new ReportOptions(command);
        foreach (Option option in new Option[] { part, threads, noTime })
            command.Options.Add(option);
        command.Runs(
            (parsed, cancellation) =>
            {
                string path = parsed.GetValue(other)!;
                Network first = model.Load(parsed),
                    second = model.LoadOther(parsed, path);
                IDataSource? examples = data.Open(
                    parsed,
                    first,
                    parsed.GetValue(part) == "test" ? DatasetPart.Test : DatasetPart.Train,
                    cancellation
                );
                if (examples is not null)
                    data.WarnOfAssumed(parsed, first, examples);
                var comparison = new NetworkComparison(
                    new ComparisonOptions
                    {
                        Data = examples,
                        Task = data.Task(parsed),
                        Preprocessing = data.Preprocessing(parsed),
                        Threads = CommonOptions.AtLeast(0, parsed.GetValue(threads), threads),
                        Times = !parsed.GetValue(noTime),
                    }
                );
                string name = model.Name(parsed);
                (string left, string right) = Names(name, path);
                ComparisonReport compared = LiveProgress.Run("compare", live =>
                    comparison.Run(
                        new ComparedModel(left, first, BytesOf(name)),
                        new ComparedModel(right, second, BytesOf(path)),
                        live,
                        cancellation
                    )
                );
                report.Print(parsed, compared.ToDocument());
                return 0;
            }
        );
        return command;
    }

    /// <summary>Names of files without their folders, where that tells them apart.</summary>
    private static (string, string) Names(string first, string second) =>
        Path.GetFileName(first) == Path.GetFileName(second)
            ? (first, second)
            : (Path.GetFileName(first), Path.GetFileName(second));

    private static long? BytesOf(string model) => File.Exists(model) ? new FileInfo(model).Length : null;
}
