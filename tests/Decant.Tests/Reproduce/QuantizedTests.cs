using Decant.Reports;
using Decant.Tests.Torch;
using Xunit;

namespace Decant.Tests.Reproduce;

[Collection("libtorch")]
public sealed class QuantizedTests
{
    [TorchFact]
    public void TheShortFormRunsAndComesToTheSameWhenRunAgain()
    {
        IReadOnlyList<ResultRow> rows = ShortRun.RunTwice("quantization", 400);
        Assert.All(rows, r => Assert.True(r.Holds));
        Assert.True(rows[1].Measured < 200_000);
    }
}
