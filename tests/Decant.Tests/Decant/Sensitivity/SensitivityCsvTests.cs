using Decant.Sensitivity;
using Xunit;

namespace Decant.Tests.Sensitivity;

public sealed class SensitivityCsvTests
{
    [Fact]
    public void ALineAPoint()
    {
        var report = new SensitivityReport(
            "d",
            1,
            Scores.Top(0.9, 300),
            false,
            [
                new SensitivityCurve(
                    "fc1.weight",
                    4000,
                    [],
                    [new(0, 4000, Scores.Top(0.9)), new(0.95, 200, Scores.Top(274 / 300.0, 300, 299 / 300.0))]
                ),
                new SensitivityCurve("a,\"b\"\nc", 10, [], [new(0, 10, Scores.Top(0.9))]),
            ]
        );
        Assert.Equal(
            "weight,level,kept,of,top-1,top-5,examples\nfc1.weight,0,4000,4000,0.9,1,300\n"
                + "fc1.weight,0.95,200,4000,0.913333,0.996667,300\n\"a,\"\"b\"\"\nc\",0,10,10,0.9,1,300\n",
            SensitivityCsv.Of(report)
        );
    }
}
