using System.CommandLine;
using Decant.Cli.Screen;
using Decant.Core;
using Decant.Data;
using Decant.Reports;

namespace Decant.Cli.Commands;

internal static class DataCommand
{
    public static Command Create() =>
        new("data", "Lists data sets, and downloads one when asked to.") { List(), Get() };

    private static Command List()
    {
        var command = new Command("list", "Lists the data sets that Decant knows, and where they are.").WithExample(
            "decant data list"
        );
        var root = new Option<string?>("--data-root") { Description = "the folder where named data sets lie" };
        var report = new ReportOptions(command);
        command.Options.Add(root);
        command.Runs(
            (parsed, _) =>
            {
                DataRoot places = DataRoot.Resolve(parsed.GetValue(root));
                var rows = Datasets.Names.Select(n => (Name: n, Where: Datasets.Locate(n, places))).ToArray();
                report.Print(
                    parsed,
                    new ReportDocument(
                        new { datasets = rows.Select(r => new { r.Name, r.Where }) },
                        ReportTable.Of(
                            ["data set", "where"],
                            rows.Select(r =>
                                (IReadOnlyList<string>)
                                    [
                                        r.Name,
                                        r.Where
                                            ?? (
                                                DatasetCatalogue.Has(r.Name)
                                                    ? $"not here: decant data get {r.Name}"
                                                    : "not here"
                                            ),
                                    ]
                            ),
                            words: 2
                        )
                    )
                );
                return 0;
            }
        );
        return command;
    }

    private static Command Get()
    {
        var command = new Command("get", "Downloads a data set into the cache and checks its SHA-256.").WithExample(
            "decant data get mnist"
        );
        var name = new Argument<string>("name") { Description = "mnist or cifar-10" };
        var root = new Option<string?>("--data-root") { Description = "the folder to put it in (else the cache)" };
        command.Arguments.Add(name);
        command.Options.Add(root);
        command.Runs((parsed, cancellation) => LiveProgress.Run("download", live =>
                {
                    using var client = new HttpClient();
                    if (parsed.GetValue(root) is { } asked)
                        OutputFolder.Make(asked);
                    RemoteDataset set = DatasetCatalogue.Get(parsed.GetValue(name)!);
                    string folder = new DatasetDownload(client)
                        .Get(set, DataRoot.Resolve(parsed.GetValue(root)).Downloads, new Bytes(live), cancellation)
                        .GetAwaiter()
                        .GetResult();
                    Console.WriteLine(folder);
                    return 0;
                }));
        return command;
    }

    private sealed class Bytes(LiveProgress live) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => live.Move((double)value.Done / Math.Max(1, value.Size));
    }
}
