using Decant.Reports;
using Decant.Tests.Torch;
using Xunit;

namespace Decant.Tests.Reproduce;

[Collection("libtorch")]
public sealed class PrunedLeNetsTests
{
    [TorchFact]
    public void TheShortFormsRunAndComeToTheSameWhenRunAgain()
    {
        foreach (string name in new[] { "pruning-12x", "dynamic-surgery" })
        {
            IReadOnlyList<ResultRow> rows = ShortRun.RunTwice(name);
            Assert.All(rows, r => Assert.True(r.Holds));
            Assert.Contains(rows, r =>
                r.Name == "lenet-300-100, seed 1: weights left" && r.Measured is > 1000 and < 22_000
            );
        }
    }
}
