using Decant.Bench;
using Decant.Cli.Screen;
using Decant.Reports;

if (args is [MakeVgg.Verb, var path])
{
    Decant.Models.Save(MakeVgg.Network(), path);
    return 0;
}
bool json = args.Contains("--json"),
    markdown = args.Contains("--markdown");
string[] names = [.. args.Where(a => a is not ("--json" or "--markdown"))];
if (names.Length == 0)
{
    foreach (IBenchmark b in BenchmarkCatalogue.All)
        Console.WriteLine($"{b.Name, -10} {b.Description}");
    return 0;
}
if (names is not [var name] || BenchmarkCatalogue.All.FirstOrDefault(b => b.Name == name) is not { } bench)
{
    Console.Error.WriteLine(
        $"bench: one name of {string.Join(", ", BenchmarkCatalogue.All.Select(b => b.Name))}, and --json or "
            + "--markdown if wanted"
    );
    return 2;
}
return Failures.Guard(() =>
{
    IReadOnlyList<ResultRow> rows = bench.Run();
    ReportDocument document = ResultRow.Document(rows);
    if (json)
        Console.WriteLine(JsonReport.Of(document));
    else if (markdown)
        Console.Write(MarkdownReport.Of(document));
    else
        TerminalReport.Print(document);
    return rows.All(r => r.Holds) ? 0 : 1;
});
