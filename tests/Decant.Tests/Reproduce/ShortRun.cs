using Decant.Data;
using Decant.Reports;
using Decant.Reproduce;
using Decant.Tests.Data;
using Decant.Torch;
using Xunit;

namespace Decant.Tests.Reproduce;

/// <summary>
/// Experiments' short forms, each run and then run again from what it left, which must come to the same.
/// </summary>
internal static class ShortRun
{
    /// <summary>On the digits that are drawn where there is no data.</summary>
    public static IReadOnlyList<ResultRow> RunTwice(string name) => RunTwice(name, root => DataRoot.Resolve(root));

    /// <summary>On a few drawn digits.</summary>
    public static IReadOnlyList<ResultRow> RunTwice(string name, int images) =>
        RunTwice(name, root => SmallMnist.Write(root, images));

    private static IReadOnlyList<ResultRow> RunTwice(string name, Func<string, DataRoot> data)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["runs"]);
        var setting = new ExperimentSetting(
            data(folder["data"]),
            folder["runs"],
            Quick: true,
            new TorchSettings { Threads = 1 }
        );
        IReadOnlyList<ResultRow> Run() => ExperimentCatalogue.Find(name).Run(setting, new Progress<string>(), default);
        IReadOnlyList<ResultRow> rows = Run();
        Assert.Equal(rows, Run());
        return rows;
    }
}
