using Decant.Reports;
using Decant.Tests.Torch;
using Xunit;

namespace Decant.Tests.Reproduce;

[Collection("libtorch")]
public sealed class DeepCompressionBitsTests
{
    [TorchFact]
    public void FewerBitsTakeFewerBytes()
    {
        IReadOnlyList<ResultRow> rows = ShortRun.RunTwice("deep-compression-bits", 300);
        Assert.Equal(6, rows.Count);
        Assert.True(
            rows[0].Measured > rows[2].Measured && rows[2].Measured > rows[4].Measured,
            string.Join(", ", rows.Select(r => r.Measured))
        );
    }
}
