using Decant.Reports;
using Decant.Tests.Torch;
using Xunit;

namespace Decant.Tests.Reproduce;

[Collection("libtorch")]
public sealed class XnorTests
{
    [TorchFact]
    public void TheShortFormRunsAndComesToTheSameWhenRunAgain()
    {
        IReadOnlyList<ResultRow> rows = ShortRun.RunTwice("xnor", 600);
        Assert.True(rows[1].Holds, $"{rows[1].Measured}");
        Assert.InRange(rows[0].Measured, 0, 85);
    }
}
