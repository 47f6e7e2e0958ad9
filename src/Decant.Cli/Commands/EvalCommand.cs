using System.CommandLine;
using Decant.Cli.Screen;
using Decant.Core;
using Decant.Data;
using Decant.Reports;
using Decant.Runtime;
using Decant.Torch;
using Decant.Training;

namespace Decant.Cli.Commands;

internal static class EvalCommand
{
    public static Command Create()
    {
        var command = new Command(
            "eval",
            "Measures how well a network does its task, or how close it is to another."
        ).WithExample(
            "decant eval lenet.dcnt --data mnist",
            "decant eval resnet20.onnx --data cifar-10 --scale 1/255 --mean .485,.456,.406 --std .229,.224,.225",
            "decant eval zoo:resnet-20 --weights resnet20.th --data cifar-10",
            "decant eval small.dcnt --reference original.onnx --data inputs.npz",
            "decant eval minilm.onnx --data sts-b --tokenizer vocab.txt",
            "decant eval faces.onnx --data faces.npz --task detection --task-options background=0"
        );
        var model = new ModelOptions(command);
        var data = new DataOptions(command, required: true);
        var executor = new Option<string>("--executor")
        {
            Description = "runtime (pure C#) or torch (libtorch)",
            DefaultValueFactory = _ => "runtime",
        };
        executor.AcceptOnlyFromAmong("runtime", "torch");
        var reference = new Option<string?>("--reference")
        {
            Description = "the network that fidelity compares with, .onnx or .dcnt",
        };
        var part = new Option<string>("--part") { Description = "test or train", DefaultValueFactory = _ => "test" };
        part.AcceptOnlyFromAmong("test", "train");
        var torch = new TorchOptions(command);
        var report = new ReportOptions(command);
        foreach (Option option in new Option[] { executor, reference, part })
            command.Options.Add(option);
        command.Runs(
            (parsed, cancellation) =>
            {
                if (torch.IsElsewhere(parsed) && parsed.GetValue(executor) != "torch")
                    throw new UsageException("--device says where libtorch computes: add --executor torch");
                Network network = model.Load(parsed);
                IDataSource images = data.Open(
                    parsed,
                    network,
                    parsed.GetValue(part) == "test" ? DatasetPart.Test : DatasetPart.Train,
                    cancellation
                )!;
                Preprocessing pixels = data.Preprocessing(parsed) ?? Preprocessings.Of(network, images);
                data.WarnOfAssumed(parsed, network, images);
                LearningTask task = data.Task(parsed)
                    ?? (parsed.GetValue(reference) is null ? LearningTasks.For(network, images) : new Fidelity());
                Network? original = parsed.GetValue(reference) is { } other ? model.LoadOther(parsed, other) : null;
                images = Targeted(task, original, images, pixels, cancellation);
                Score score = Measure(
                    network,
                    task,
                    parsed.GetValue(executor) == "torch" ? torch.Read(parsed) : null,
                    torch.Threads(parsed),
                    images,
                    pixels,
                    cancellation
                );
                report.Print(
                    parsed,
                    new ReportDocument(
                        new { task = task.Name, score },
                        new ReportLine(
                            $"{string.Join("   ", score.Values)}   on {score.Count:N0} examples of "
                                + images.Name
                                + (images.Inputs.Any(i => i.IsImage) ? $", {pixels}" : "")
                        )
                    )
                );
                return 0;
            }
        );
        return command;
    }

    private static IDataSource Targeted(
        LearningTask task,
        Network? original,
        IDataSource examples,
        Preprocessing pixels,
        CancellationToken cancellation
    )
    {
        if (!task.ComparesWithOriginal)
            return original is null
                ? examples
                : throw new UsageException($"--reference is what fidelity compares with; the task is {task.Name}");
        if (original is null)
            throw new UsageException(
                "the data have no targets that fit the network, so that its fidelity to another is measured: name that "
                    + "with --reference"
            );
        using InferenceSession executor = new InferenceModel(
            original,
            new InferenceOptions { Threads = 0 }
        ).CreateSession(cancellation);
        return task.Targeted(original, executor, examples, pixels, cancellation);
    }

    private static Score Measure(
        Network network,
        LearningTask task,
        TorchSettings? torch,
        int threads,
        IDataSource images,
        Preprocessing pixels,
        CancellationToken cancellation
    ) => LiveProgress.Run($"{images.Name}, {images.Count:N0} examples", live =>
        {
            using TorchRun? run = torch is null ? null : TorchRun.Begin(torch);
            using IExecutor executor = torch is not null
                ? new TorchExecutor(network)
                : new InferenceModel(network, new InferenceOptions { Threads = threads }).CreateSession();
            return task.Evaluate(network, executor, images, pixels, new Counter(live, images.Count), cancellation);
        });

    private sealed class Counter(LiveProgress live, int count) : IProgress<int>
    {
        public void Report(int value) => live.Move((double)value / count);
    }
}
