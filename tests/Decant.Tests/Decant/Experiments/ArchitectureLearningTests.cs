using Decant.Experiments;
using Decant.Reports;
using Decant.Tests.Torch;
using Decant.Tests.Training.Data;
using Decant.Torch;
using Decant.Training.Data;
using Xunit;

namespace Decant.Tests.Experiments;

[Collection("libtorch")]
public sealed class ArchitectureLearningTests
{
    [TorchFact]
    public void TheShortFormLearnsASmallerNetworkAndGoesOnFromWhatIsThere()
    {
        LibTorch.Threads = 1;
        using var folder = new TemporaryFolder();
        var setting = new ExperimentSetting(DataRoot.Resolve(folder["none"]), folder["run"], Quick: true);
        IReadOnlyList<ResultRow> rows = new ArchitectureLearning().Run(setting, new Progress<string>(), CancellationToken.None);
        Assert.Equal(3, rows.Count);
        Assert.All(rows, r => Assert.InRange(r.Measured, 50, 100));
        int[] widths = [.. rows[1].Name.Split(", ")[1].Split(':')[0].Split('-').Select(int.Parse)];
        Assert.InRange(widths[0], 1, 16);
        Assert.InRange(widths[1], 1, 26);
        Assert.Equal(rows, new ArchitectureLearning().Run(setting, new Progress<string>(), CancellationToken.None));
    }
}
