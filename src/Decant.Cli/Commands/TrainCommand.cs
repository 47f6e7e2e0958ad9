using System.CommandLine;
using Decant.Cli.Screen;
using Decant.Core;
using Decant.Data;
using Decant.Reports;
using Decant.Runs;

namespace Decant.Cli.Commands;

internal static class TrainCommand
{
    public static Command Create()
    {
        var command = new Command(
            "train",
            "Trains a network on labelled images. Without training flags, zoo networks are trained by "
                + "the recipe shipped for them."
        ).WithExample(
            "decant train zoo:lenet-300-100 --data mnist -o lenet.onnx",
            "decant train zoo:lenet-5 --data mnist --epochs 20 --augment shift=1 -o lenet-5.onnx"
        );
        var model = new ModelOptions(command);
        Option<string> output = CommonOptions.Output("the file to write: .onnx or .dcnt");
        command.Options.Add(output);
        var data = new DataOptions(command, required: true, scores: false);
        var flags = new TrainingFlags(command);
        var runs = new RunOptions(command);
        Option<ulong> seed = CommonOptions.Seed();
        var torch = new TorchOptions(command);
        var report = new ReportOptions(command);
        foreach (Option option in new Option[] { seed })
            command.Options.Add(option);
        command.Runs(
            (parsed, cancellation) =>
            {
                string path = CommonOptions.ToWrite(parsed.GetValue(output)!);
                Network network = model.Load(parsed, parsed.GetValue(seed));
                var options = runs.Apply(
                    new CompressionOptions
                    {
                        Train = data.Open(parsed, network, DatasetPart.Train, cancellation),
                        Test = data.Open(parsed, network, DatasetPart.Test, cancellation),
                        Preprocessing = data.Preprocessing(parsed),
                        Torch = torch.Read(parsed),
                        Seed = parsed.GetValue(seed),
                    },
                    parsed,
                    path
                );
                var compressor = new Compressor(flags.Read(parsed, network), options);
                network = network.WithPreprocessing(compressor.PreprocessingFor(network));
                (Network trained, CompressionReport run) = RunOptions.Guard(options, () =>
                    LiveProgress.Run("training", live =>
                        compressor.Run(network, null, new RunDisplay(live), cancellation)
                    )
                );
                Models.Save(trained, path);
                report.Print(
                    parsed,
                    new ReportDocument(
                        new
                        {
                            file = path,
                            bytes = new FileInfo(path).Length,
                            run.Task,
                            run.Before,
                            run.After,
                        },
                        new ReportLine(
                            $"{path}: {run.After!.Primary} on the test set (before training "
                                + $"{run.Before!.Primary.Text})"
                        )
                    )
                );
                return 0;
            }
        );
        return command;
    }
}
