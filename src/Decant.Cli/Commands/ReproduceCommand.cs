using System.CommandLine;
using Decant.Cli.Screen;
using Decant.Core;
using Decant.Data;
using Decant.Reports;
using Decant.Reproduce;

namespace Decant.Cli.Commands;

internal static class ReproduceCommand
{
    public static Command Create()
    {
        var command = new Command(
            "reproduce",
            "Runs a published experiment and prints its table: "
                + string.Join(", ", ExperimentCatalogue.All.Select(e => e.Name))
                + ". Exits 1 when a must is missed."
        ).WithExample("decant reproduce deep-compression", "decant reproduce deep-compression --quick");
        var name = new Argument<string>("name")
        {
            Description = string.Join("; ", ExperimentCatalogue.All.Select(e => $"{e.Name}: {e.Description}")),
        };
        var quick = new Option<bool>("--quick")
        {
            Description = "the short form: checks that everything works, without the published results",
        };
        var folder = new Option<string?>("--run")
        {
            Description = "the folder of its runs, which resume there after an interruption (runs/NAME)",
        };
        var root = new Option<string?>("--data-root") { Description = "the folder where named data sets lie" };
        var torch = new TorchOptions(command);
        var report = new ReportOptions(command);
        command.Arguments.Add(name);
        foreach (Option option in new Option[] { quick, folder, root })
            command.Options.Add(option);
        command.Runs(
            (parsed, cancellation) =>
            {
                IExperiment experiment = ExperimentCatalogue.Find(parsed.GetValue(name)!);
                bool isQuick = parsed.GetValue(quick);
                string runs = parsed.GetValue(folder) ?? OwnFolder(experiment.Name, isQuick);
                OutputFolder.Make(runs);
                var setting = new ExperimentSetting(
                    DataRoot.Resolve(parsed.GetValue(root)),
                    runs,
                    isQuick,
                    torch.Read(parsed)
                );
                IReadOnlyList<ResultRow> rows = experiment.Run(setting, new Lines(), cancellation);
                report.Print(parsed, ResultRow.Document(rows));
                return rows.All(r => r.Holds) ? 0 : 1;
            }
        );
        return command;
    }

    /// <summary>The folder of an experiment for which none is named; it lies in one of all experiments.</summary>
    private static string OwnFolder(string experiment, bool isQuick)
    {
        const string Runs = "runs";
        OutputFolder.Make(Runs);
        return Path.Combine(Runs, experiment + (isQuick ? "-quick" : ""));
    }

    private sealed class Lines : IProgress<string>
    {
        public void Report(string value) => Console.Error.WriteLine(value);
    }
}
