using System.Globalization;
using System.Security;
using System.Text;
using System.Xml;
using Decant.Data;

namespace Decant.Sensitivity;

/// <summary>
/// An analysis as an SVG picture: a panel a weight or group, all with the same axes, in the network's order. It refers
/// to nothing outside.
/// </summary>
public static class SensitivityPlot
{
    private const int Margin = 24,
        AxisSpace = 30,
        HeadSpace = 78,
        FootSpace = 30,
        MostColumns = 6,
        LongestLine = 100;

    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    /// <summary>The picture.</summary>
    public static string Of(SensitivityReport report)
    {
        int panels = Math.Max(1, report.Curves.Length),
            columns = Math.Min(MostColumns, Math.Max(3, (int)Math.Ceiling(Math.Sqrt(panels)))),
            rows = (panels + columns - 1) / columns;
        int width = 2 * Margin + AxisSpace + columns * SensitivityPanel.Width,
            height = HeadSpace + rows * SensitivityPanel.Height + FootSpace;
        var svg = new StringBuilder();
        svg.Append(
            Plain,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 "
                + $"0 {width} {height}\" font-family=\"sans-serif\" font-size=\"10\" fill=\"#333\">\n"
        );
        svg.Append(Plain, $"<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n");
        Frame(svg, report, width, height);
        for (int i = 0; i < report.Curves.Length; i++)
            new SensitivityPanel(report, report.Curves[i]).Draw(
                svg,
                Margin + AxisSpace + i % columns * SensitivityPanel.Width,
                HeadSpace + i / columns * SensitivityPanel.Height
            );
        return svg.Append("</svg>\n").ToString();
    }

    private static string AxisOf(MetricValue metric) =>
        metric.Unit.Length > 0 ? $"{metric.Name}, {metric.Unit}" : metric.Name;

    private static void Frame(StringBuilder svg, SensitivityReport report, int width, int height)
    {
        Line(
            svg,
            26,
            "font-size=\"15\" font-weight=\"bold\"",
            $"{report.Reference.Primary.Name} when one {(report.Structured ? "group of channels" : "weight")} alone is "
                + "pruned, without retraining"
        );
        Line(svg, 44, "", SvgText.Shorten($"on {report.Images}", LongestLine));
        Line(
            svg,
            58,
            "",
            $"dashed: {report.Reference.Primary.Text}, nothing pruned; ring: the highest level within a point of it"
        );
        svg.Append(
            Plain,
            $"<text x=\"{width / 2}\" y=\"{height - 12}\" text-anchor=\"middle\">level: share of the "
                + $"{report.Subject}'s {report.Parts} that {(report.Structured ? "are pruned" : "are zero")}</text>\n"
        );
        int middle = (height + HeadSpace - FootSpace) / 2;
        svg.Append(
            Plain,
            $"<text transform=\"translate({Margin},{middle}) rotate(-90)\" text-anchor=\"middle\">"
                + $"{SvgText.Escape(SvgText.Shorten(AxisOf(report.Reference.Primary), 40))}</text>\n"
        );
        void Line(StringBuilder to, int y, string style, string text) =>
            to.Append(Plain, $"<text x=\"{Margin}\" y=\"{y}\" {style}>{SvgText.Escape(text)}</text>\n");
    }
}

/// <summary>One curve with its axes.</summary>
internal sealed class SensitivityPanel(SensitivityReport report, SensitivityCurve curve)
{
    /// <summary>What a panel takes of the picture, with the room between panels.</summary>
    public const int Width = 210,
        Height = 172;

    // A title of so many letters of usual width is narrower than a panel.
    private const int TitleLength = 28,
        Left = 26,
        Top = 38,
        PlotWidth = Width - Left - 14,
        PlotHeight = Height - Top - 26;

    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    // Shares and numbers without a unit end at 1, others at the largest that was measured.
    private readonly double top = report.Reference.Primary.Unit is "%" or ""
        ? 1
        : report
            .Curves.SelectMany(c => c.Points)
            .Select(p => p.Value)
            .Append(report.Reference.Primary.Value)
            .Where(double.IsFinite)
            .Select(Math.Abs)
            .Append(double.Epsilon)
            .Max();

    /// <summary>Draws the panel with its corner at a place.</summary>
    public void Draw(StringBuilder svg, int x, int y)
    {
        svg.Append(Plain, $"<g transform=\"translate({x},{y})\">\n");
        Title(svg);
        Axes(svg);
        string path = string.Join(' ', curve.Points.Select(p => $"{X(p.Level)},{Y(p.Value)}"));
        svg.Append(Plain, $"<polyline points=\"{path}\" fill=\"none\" stroke=\"#1f5fa8\" stroke-width=\"1.5\"/>\n");
        foreach (SensitivityPoint p in curve.Points)
            svg.Append(
                Plain,
                $"<circle cx=\"{X(p.Level)}\" cy=\"{Y(p.Value)}\" r=\"2\" fill=\"#1f5fa8\"><title>level "
                    + $"{p.Level}: {p.Score.Primary.Text}, {p.Kept:#,0} kept</title></circle>\n"
            );
        if (curve.Points.LastOrDefault(p => p.Level <= report.WithinOnePoint(curve)) is { } highest)
            svg.Append(
                Plain,
                $"<circle cx=\"{X(highest.Level)}\" cy=\"{Y(highest.Value)}\" r=\"4.5\" fill=\"none\" "
                    + $"stroke=\"#c0392b\" stroke-width=\"1.5\"/>\n"
            );
        svg.Append("</g>\n");
    }

    private void Title(StringBuilder svg)
    {
        svg.Append(
            Plain,
            $"<text x=\"{Left}\" y=\"14\" font-size=\"11\" "
                + $"font-weight=\"bold\">{SvgText.Escape(SvgText.Shorten(curve.Name, TitleLength))}"
                + $"<title>{SvgText.Escape(curve.Name)}</title></text>\n"
        );
        svg.Append(
            Plain,
            $"<text x=\"{Left}\" y=\"27\" fill=\"#777\">{curve.Of:#,0} {report.Parts}; ring at "
                + $"{report.WithinOnePoint(curve)}</text>\n"
        );
    }

    private void Axes(StringBuilder svg)
    {
        foreach (double a in new[] { 0, 0.5, 1 })
            svg.Append(
                Plain,
                $"<path d=\"M{Left} {Y(a * top)}H{Left + PlotWidth}\" stroke=\"#ddd\"/><text x=\"{Left - 4}\" "
                    + $"y=\"{Y(a * top, 3)}\" text-anchor=\"end\">{Mark(a * top)}</text>\n"
            );
        foreach (double l in new[] { 0, 0.25, 0.5, 0.75, 1 })
            svg.Append(
                Plain,
                $"<path d=\"M{X(l)} {Top}V{Top + PlotHeight + 3}\" stroke=\"#ddd\"/><text x=\"{X(l)}\" "
                    + $"y=\"{Top + PlotHeight + 14}\" text-anchor=\"middle\">{l}</text>\n"
            );
        svg.Append(
            Plain,
            $"<path d=\"M{Left} {Y(report.Reference.Primary.Value)}H{Left + PlotWidth}\" stroke=\"#777\" "
                + $"stroke-dasharray=\"4 3\"/>\n"
        );
    }

    private static string X(double level) => (Left + level * PlotWidth).ToString("0.##", Plain);

    private string Y(double value, int below = 0) =>
        (Top + (1 - Math.Clamp(value / top, 0, 1)) * PlotHeight + below).ToString("0.##", Plain);

    private string Mark(double value) =>
        (report.Reference.Primary.Unit == "%" ? 100 * value : value).ToString("0.##", Plain);
}

/// <summary>Names as they may stand in a picture.</summary>
internal static class SvgText
{
    /// <summary>A text whose middle gives way where it is too long.</summary>
    public static string Shorten(string text, int longest) =>
        text.Length <= longest ? text : $"{text[..((longest - 1) / 2)]}…{text[^(longest / 2)..]}";

    /// <summary>A text as XML; what XML cannot hold becomes a replacement character.</summary>
    public static string Escape(string text) =>
        SecurityElement.Escape(string.Concat(text.Select(c => XmlConvert.IsXmlChar(c) ? c : '\ufffd')));
}
