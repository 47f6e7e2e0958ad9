using System.Globalization;
using System.Xml.Linq;
using Decant.Sensitivity;
using Decant.Training;
using Xunit;

namespace Decant.Tests.Sensitivity;

public sealed class SensitivityPlotTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void ACurveOfThreePointsIsDrawnWhereItBelongs()
    {
        XElement panel = Assert.Single(XElement.Parse(SensitivityPlot.Of(Report(1))).Elements(Svg + "g"));
        // The plot is 170 wide from 26 and 108 high from 38.
        Assert.Equal("26,48.8 111,54.2 196,146", panel.Element(Svg + "polyline")!.Attribute("points")!.Value);
        Assert.Equal(
            "M26 48.8H196",
            panel.Elements(Svg + "path").Single(p => p.Attribute("stroke-dasharray") is not null).Attribute("d")!.Value
        );
        Assert.Equal(
            ("26", "48.8"),
            panel
                .Elements(Svg + "circle")
                .Where(c => c.Attribute("fill")!.Value == "none")
                .Select(c => (c.Attribute("cx")!.Value, c.Attribute("cy")!.Value))
                .Single()
        );
        Assert.Contains(
            "level 0.5: 85.00 %, 1,000 kept",
            panel.Elements(Svg + "circle").Select(c => c.Element(Svg + "title")?.Value)
        );
        Assert.Equal(
            ["layer0.a<b>&\"c\".weight", "2,000 parameters; ring at 0"],
            panel.Elements(Svg + "text").Take(2).Select(t => t.Nodes().OfType<XText>().Single().Value)
        );
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(60)]
    public void NoLabelLiesOnAnotherOrOutside(int panels)
    {
        XElement svg = XElement.Parse(SensitivityPlot.Of(Report(panels)));
        double width = Number(svg, "width"),
            height = Number(svg, "height");
        var boxes = svg.Descendants(Svg + "text").Select(Box).ToList();
        Assert.Equal(5 + panels * 10, boxes.Count);
        for (int i = 0; i < boxes.Count; i++)
        {
            Assert.True(
                boxes[i].Left >= 0 && boxes[i].Top >= 0 && boxes[i].Right <= width && boxes[i].Bottom <= height,
                $"{boxes[i]} in {width}×{height}"
            );
            for (int j = 0; j < i; j++)
                Assert.False(
                    boxes[i].Left < boxes[j].Right
                        && boxes[j].Left < boxes[i].Right
                        && boxes[i].Top < boxes[j].Bottom
                        && boxes[j].Top < boxes[i].Bottom,
                    $"{boxes[i]} and {boxes[j]}"
                );
        }
    }

    [Fact]
    public void ThePictureRefersToNothingOutside()
    {
        string svg = SensitivityPlot.Of(Report(3));
        Assert.DoesNotContain("href", svg);
        Assert.DoesNotContain("url(", svg);
        Assert.DoesNotContain("<script", svg);
        Assert.Equal(1, svg.Split("http").Length - 1);
    }

    private static SensitivityReport Report(int panels) =>
        new(
            "some-data",
            1,
            Scores.Top(0.9, 1000),
            false,
            [
                .. Enumerable
                    .Range(0, panels)
                    .Select(i => new SensitivityCurve(
                        $"layer{i}.a<b>&\"c\".{(i > 0 ? new string('W', 40) : "")}weight",
                        2000,
                        [],
                        [new(0, 2000, Scores.Top(0.9)), new(0.5, 1000, Scores.Top(0.85)), new(1, 1, Scores.Top(0))]
                    )),
            ]
        );

    private static double Number(XElement element, string name) =>
        double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    // Letters are taken for 0.62 of the font's size, a generous mean of sans serif ones.
    private static (double Left, double Top, double Right, double Bottom, string Text) Box(XElement text)
    {
        string words = text.Nodes().OfType<XText>().Single().Value;
        double size = text.Attribute("font-size") is null ? 10 : Number(text, "font-size"),
            wide = 0.62 * size * words.Length;
        string anchor = text.Attribute("text-anchor")?.Value ?? "start";
        double before =
            anchor == "end" ? wide
            : anchor == "middle" ? wide / 2
            : 0;
        if (text.Attribute("transform") is { Value: { } turned })
        {
            double[] place =
            [
                .. turned.Split('(', ')')[1].Split(',').Select(v => double.Parse(v, CultureInfo.InvariantCulture)),
            ];
            return (place[0] - size, place[1] - wide + before, place[0], place[1] + before, words);
        }
        double[] corner = text.Parent!.Attribute("transform") is { } t
            ? [.. t.Value.Split('(', ')')[1].Split(',').Select(v => double.Parse(v, CultureInfo.InvariantCulture))]
            : [0, 0];
        double x = corner[0] + Number(text, "x") - before,
            y = corner[1] + Number(text, "y");
        return (x, y - size, x + wide, y, words);
    }
}
