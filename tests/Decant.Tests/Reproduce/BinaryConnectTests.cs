using Decant.Reports;
using Decant.Tests.Torch;
using Xunit;

namespace Decant.Tests.Reproduce;

[Collection("libtorch")]
public sealed class BinaryConnectTests
{
    [TorchFact]
    public void TheShortFormRunsAndComesToTheSameWhenRunAgain()
    {
        IReadOnlyList<ResultRow> rows = ShortRun.RunTwice("binary-connect");
        Assert.All(rows, r => Assert.True(r.Holds));
        // Signs take a bit, and what is drawn keeps its numbers.
        Assert.True(rows[3].Measured < rows[1].Measured / 4);
        Assert.True(rows[5].Measured > rows[1].Measured / 2);
    }
}
