using Decant.Conformance;
using Decant.Core;

string[] paths = [.. args.Where(a => a != "--json")];
if (paths.Length != 1)
{
    Console.Error.WriteLine("usage: Decant.Conformance FOLDER|ARCHIVE.tar.gz [--json]");
    return 2;
}
try
{
    using CaseFolder cases = CaseFolder.Open(paths[0]);
    ExecutorReport[] reports = [.. Executors.All.Select(e => ExecutorReport.Of(e.Key, e.Value, cases.Cases))];
    if (args.Contains("--json"))
        ReportWriter.Json(Console.OpenStandardOutput(), reports);
    else
        ReportWriter.Table(Console.Out, reports);
    return 0;
}
catch (Exception e) when (e is DecantException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
