using System.Xml.Linq;
using Decant.Reports;
using Decant.Reproduce;
using Decant.Tests.Torch;
using Xunit;

namespace Decant.Tests.Reproduce;

[Collection("libtorch")]
public sealed class VectorRatesTests
{
    [TorchFact]
    public void TheShortFormRunsAndComesToTheSameWhenRunAgain()
    {
        IReadOnlyList<ResultRow> rows = ShortRun.RunTwice("vector-quantization", 300);
        Assert.Equal(
            ["floats", "signs", "k-means", "product", "residual"],
            rows.Select(r => r.Name.Split(',', ':')[0])
        );
    }

    [Fact]
    public void APlotIsAPictureOfEveryPointWithinItsFrame()
    {
        XDocument plot = XDocument.Parse(
            RatePlot.Of([
                new RateLine("a", [new RatePoint("x", 2, 0), new RatePoint("y", 40, 90)]),
                new RateLine("b", [new RatePoint("z", 9, 1)]),
            ])
        );
        XElement[] points = [.. plot.Descendants().Where(e => e.Name.LocalName == "circle" && e.HasElements)];
        Assert.Equal(3, points.Length);
        Assert.All(points, p =>
            Assert.True((double)p.Attribute("cx")! is > 0 and < 640 && (double)p.Attribute("cy")! is > 0 and < 400)
        );
        Assert.True(
            (double)points[0].Attribute("cx")! < (double)points[1].Attribute("cx")!
                && (double)points[0].Attribute("cy")! > (double)points[1].Attribute("cy")!
        );
    }
}
