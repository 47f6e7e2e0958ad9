using Decant.Reports;
using Decant.Tests.Torch;
using Xunit;

namespace Decant.Tests.Reproduce;

[Collection("libtorch")]
public sealed class ArchitectureLearningTests
{
    [TorchFact]
    public void TheShortFormLearnsASmallerNetworkAndGoesOnFromWhatIsThere()
    {
        IReadOnlyList<ResultRow> rows = ShortRun.RunTwice("architecture-learning");
        Assert.Equal(3, rows.Count);
        Assert.All(rows, r => Assert.InRange(r.Measured, 50, 100));
        int[] widths = [.. rows[1].Name.Split(", ")[1].Split(':')[0].Split('-').Select(int.Parse)];
        Assert.InRange(widths[0], 1, 16);
        Assert.InRange(widths[1], 1, 26);
    }
}
