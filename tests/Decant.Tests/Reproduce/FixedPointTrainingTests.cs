using Decant.Reports;
using Decant.Tests.Torch;
using Xunit;

namespace Decant.Tests.Reproduce;

[Collection("libtorch")]
public sealed class FixedPointTrainingTests
{
    [TorchFact]
    public void TheShortFormOfFixedPointsRunsAndComesToTheSameWhenRunAgain() => Check("gupta-fixed-point", 7);

    [TorchFact]
    public void TheShortFormOfPointsThatMoveRunsAndComesToTheSameWhenRunAgain() => Check("dynamic-fixed-point", 5);

    private static void Check(string name, int variants)
    {
        IReadOnlyList<ResultRow> rows = ShortRun.RunTwice(name, 600);
        Assert.Equal(variants, rows.Count);
        Assert.All(rows, r => Assert.InRange(r.Measured, 0, 88));
    }
}
