using System.CommandLine;
using Decant.Cli.Screen;
using Decant.Core;
using Decant.Data;
using Decant.Sensitivity;

namespace Decant.Cli.Commands;

internal static class SensitivityCommand
{
    public static Command Create()
    {
        var command = new Command(
            "sensitivity",
            "Measures how the primary metric falls as each weight or group of channels alone is pruned, on a "
                + "validation set of training examples; can write a recipe that keeps it."
        ).WithExample(
            "decant sensitivity lenet.onnx --data mnist",
            "decant sensitivity lenet.onnx --data mnist --recipe prune.yaml --loss 0.5%",
            "decant compress lenet.onnx --recipe prune.yaml --data mnist -o lenet.dcnt"
        );
        var model = new ModelOptions(command);
        var data = new DataOptions(command, required: true);
        var flags = new SensitivityFlags(command);
        Option<ulong> seed = CommonOptions.Seed();
        var report = new ReportOptions(command);
        command.Options.Add(seed);
        command.Runs(
            (parsed, cancellation) =>
            {
                string? recipe = flags.Recipe(parsed);
                string folder = flags.Folder(parsed, model.Name(parsed));
                Network network = model.Load(parsed, parsed.GetValue(seed));
                IDataSource train = data.Open(parsed, network, DatasetPart.Train, cancellation)!;
                data.WarnOfAssumed(parsed, network, train);
                SensitivityOptions options = flags.Read(
                    parsed,
                    train,
                    data.Task(parsed),
                    data.Preprocessing(parsed),
                    parsed.GetValue(seed),
                    folder
                );
                var analysis = new SensitivityAnalysis(network, options);
                (SensitivityReport found, SensitivityChoice? choice) = Measure(
                    analysis,
                    folder,
                    r => recipe is null ? null : flags.Target(parsed, r.Reference.Primary),
                    cancellation
                );
                if (choice is not null)
                    AtomicFile.Write(recipe!, SensitivityRecipe.Write(found, choice));
                report.Print(parsed, SensitivityDocument.Of(found, folder, choice, recipe));
                return 0;
            }
        );
        return command;
    }

    private static (SensitivityReport, SensitivityChoice?) Measure(
        SensitivityAnalysis analysis,
        string folder,
        Func<SensitivityReport, double?> target,
        CancellationToken cancellation
    )
    {
        try
        {
            return LiveProgress.Run("sensitivity", live =>
            {
                var display = new Display(live);
                SensitivityReport report = analysis.Run(display, cancellation);
                return (
                    report,
                    target(report) is { } accuracy ? analysis.Choose(report, accuracy, display, cancellation) : null
                );
            });
        }
        catch (OperationCanceledException e)
        {
            throw new DecantException($"stopped; the measurements are in {folder}, and the same command continues", e);
        }
    }

    private sealed class Display(LiveProgress live) : IProgress<SensitivityProgress>
    {
        public void Report(SensitivityProgress value) => live.Report(value.Done, value.What);
    }
}
