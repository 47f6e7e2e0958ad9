using System.CommandLine;
using Decant.Cli.Screen;
using Decant.Core;
using Decant.Data;
using Decant.Runtime;
using Decant.Training;

namespace Decant.Cli.Commands;

internal static class EvalCommand
{
    public static Command Create()
    {
        var command = new Command("eval", "Measures how well a network classifies.").WithExample(
            "decant eval lenet.dcnt --data mnist",
            "decant eval resnet20.onnx --data cifar-10 --scale 1/255 --mean .485,.456,.406 --std .229,.224,.225",
            "decant eval zoo:resnet-20 --weights resnet20.th --data cifar-10"
        );
        Argument<string> model = CommonOptions.Model();
        Option<string?> weights = CommonOptions.Weights();
        var data = new DataOptions(command, required: true);
        var executor = new Option<string>("--executor")
        {
            Description = "runtime (pure C#) or torch (libtorch)",
            DefaultValueFactory = _ => "runtime",
        };
        executor.AcceptOnlyFromAmong("runtime", "torch");
        var part = new Option<string>("--part") { Description = "test or train", DefaultValueFactory = _ => "test" };
        part.AcceptOnlyFromAmong("test", "train");
        var torch = new TorchOptions(command);
        Option<bool> json = CommonOptions.AsJson();
        command.Arguments.Add(model);
        foreach (Option option in new Option[] { weights, executor, part, json })
            command.Options.Add(option);
        command.SetAction(
            (parsed, cancellation) =>
                Task.FromResult(
                    Failures.Guard(() =>
                    {
                        if (torch.IsElsewhere(parsed) && parsed.GetValue(executor) != "torch")
                            throw new UsageException("--device says where libtorch computes: add --executor torch");
                        torch.Use(parsed);
                        Network network = Models.Load(parsed.GetValue(model)!, weights: parsed.GetValue(weights));
                        LabelledImages images = data.Open(
                            parsed,
                            parsed.GetValue(part) == "test" ? DatasetPart.Test : DatasetPart.Train
                        )!;
                        Preprocessing pixels = data.Preprocessing(parsed) ?? Preprocessings.Of(network);
                        Score score = Measure(
                            network,
                            parsed.GetValue(executor) == "torch",
                            images,
                            pixels,
                            cancellation
                        );
                        if (parsed.GetValue(json))
                            Json.Print(
                                new
                                {
                                    score.Accuracy,
                                    score.Top5,
                                    score.Count,
                                }
                            );
                        else
                            Console.WriteLine(
                                $"accuracy {100 * score.Accuracy:0.00} %   error {score.Error:0.00} %   "
                                    + $"top-5 {100 * score.Top5:0.00} %   on {score.Count:N0} images of "
                                    + $"{images.Name}, {pixels}"
                            );
                        return 0;
                    })
                )
        );
        return command;
    }

    private static Score Measure(
        Network network,
        bool torch,
        LabelledImages images,
        Preprocessing pixels,
        CancellationToken cancellation
    ) => LiveProgress.Run($"{images.Name}, {images.Count:N0} images", live =>
        {
            using IExecutor executor = torch
                ? new TorchExecutor(network)
                : new InferenceModel(network, new InferenceOptions { Threads = 0 }).CreateSession();
            return Classification.Evaluate(
                network,
                executor,
                images,
                pixels,
                new Counter(live, images.Count),
                cancellation
            );
        });

    private sealed class Counter(LiveProgress live, int count) : IProgress<int>
    {
        public void Report(int value) => live.Move((double)value / count);
    }
}
