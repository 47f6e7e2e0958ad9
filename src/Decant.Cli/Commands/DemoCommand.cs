using System.CommandLine;
using Decant.Cli.Screen;
using Decant.Core;
using Decant.Data;
using Decant.Pipelines;
using Decant.Reports;
using Decant.Runs;
using Decant.Torch;
using Decant.Training;

namespace Decant.Cli.Commands;

internal static class DemoCommand
{
    private static readonly Pipeline Training = new()
    {
        Name = "demo",
        Stages =
        [
            new PipelineStage
            {
                Name = "train",
                Training = new TrainingOptions
                {
                    Epochs = 10,
                    Augmentation = new Augmentation { Shift = 1 },
                },
            },
        ],
    };

    public static Command Create()
    {
        var command = new Command(
            "demo",
            "Trains LeNet-300-100, compresses it by Deep Compression, loads the file in the managed "
                + "runtime and prints the paper's table."
        ).WithExample("decant demo");
        var output = new Option<string>("--output", "-o")
        {
            Description = "the file to write",
            DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), "decant-demo.dcnt"),
        };
        var torch = new TorchOptions(command, 1);
        var report = new ReportOptions(command);
        foreach (Option option in new Option[] { output })
            command.Options.Add(option);
        command.Runs(
            (parsed, cancellation) =>
            {
                string path = CommonOptions.ToWrite(parsed.GetValue(output)!);
                string set = Datasets.Locate("mnist", DataRoot.Resolve()) is null ? "digits" : "mnist";
                Console.Error.WriteLine(
                    set == "mnist"
                        ? "data: MNIST"
                        : "data: digits, made here (MNIST is not in the data folder: decant data get mnist)"
                );
                CompressionReport made = LiveProgress.Run("demo", live =>
                    Run(set, path, torch.Read(parsed), new RunDisplay(live), cancellation)
                );
                DataOptions.WarnOfAssumed(made.AssumedPreprocessing);
                report.Print(
                    parsed,
                    made.ToDocument()
                        .With(
                            new ReportLine(
                                "In the paper (Han, Mao, Dally 2016): 27 kB, 40x, top-1 98.36 % → 98.42 %. "
                                    + "The full experiment: decant reproduce deep-compression"
                            )
                        )
                );
                return 0;
            }
        );
        return command;
    }

    private static CompressionReport Run(
        string set,
        string output,
        TorchSettings torch,
        RunDisplay display,
        CancellationToken cancellation
    )
    {
        var options = new CompressionOptions
        {
            Torch = torch,
            ComparesSpeed = true,
            Train = CommonOptions.Open(set, null, DatasetPart.Train),
            Test = CommonOptions.Open(set, null, DatasetPart.Test),
        };
        Network network = new Compressor(Training, options)
            .Run(Models.Load("zoo:lenet-300-100"), null, display, cancellation)
            .Network;
        Pipeline recipe = ShippedRecipes.Load("deep-compression", network).WithEpochs(0.25);
        return new Compressor(recipe, options).Run(network, output, display, cancellation).Report;
    }
}
