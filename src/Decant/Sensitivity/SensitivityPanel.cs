using System.Globalization;
using System.Text;

namespace Decant.Sensitivity;

/// <summary>One curve with its axes.</summary>
internal sealed class SensitivityPanel(SensitivityReport report, SensitivityCurve curve)
{
    /// <summary>What a panel takes of the picture, with the room between panels.</summary>
    public const int Width = 210, Height = 172;

    // A title of so many letters of usual width is narrower than a panel.
    private const int TitleLength = 28, Left = 26, Top = 38, PlotWidth = Width - Left - 14, PlotHeight = Height - Top - 26;

    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    /// <summary>Draws the panel with its corner at a place.</summary>
    public void Draw(StringBuilder svg, int x, int y)
    {
        svg.Append(Plain, $"<g transform=\"translate({x},{y})\">\n");
        Title(svg);
        Axes(svg);
        string path = string.Join(' ', curve.Points.Select(p => $"{X(p.Level)},{Y(p.Accuracy)}"));
        svg.Append(Plain, $"<polyline points=\"{path}\" fill=\"none\" stroke=\"#1f5fa8\" stroke-width=\"1.5\"/>\n");
        foreach (SensitivityPoint p in curve.Points)
            svg.Append(Plain, $"<circle cx=\"{X(p.Level)}\" cy=\"{Y(p.Accuracy)}\" r=\"2\" fill=\"#1f5fa8\"><title>level {p.Level}: {100 * p.Accuracy:0.00} %, {p.Kept:#,0} kept</title></circle>\n");
        if (curve.Points.LastOrDefault(p => p.Level <= report.WithinOnePoint(curve)) is { } highest)
            svg.Append(Plain, $"<circle cx=\"{X(highest.Level)}\" cy=\"{Y(highest.Accuracy)}\" r=\"4.5\" fill=\"none\" stroke=\"#c0392b\" stroke-width=\"1.5\"/>\n");
        svg.Append("</g>\n");
    }

    private void Title(StringBuilder svg)
    {
        svg.Append(Plain, $"<text x=\"{Left}\" y=\"14\" font-size=\"11\" font-weight=\"bold\">{SvgText.Escape(SvgText.Shorten(curve.Name, TitleLength))}<title>{SvgText.Escape(curve.Name)}</title></text>\n");
        svg.Append(Plain, $"<text x=\"{Left}\" y=\"27\" fill=\"#777\">{curve.Of:#,0} {report.Parts}; ring at {report.WithinOnePoint(curve)}</text>\n");
    }

    private void Axes(StringBuilder svg)
    {
        foreach (double a in new[] { 0, 0.5, 1 })
            svg.Append(Plain, $"<path d=\"M{Left} {Y(a)}H{Left + PlotWidth}\" stroke=\"#ddd\"/><text x=\"{Left - 4}\" y=\"{Y(a, 3)}\" text-anchor=\"end\">{100 * a}</text>\n");
        foreach (double l in new[] { 0, 0.25, 0.5, 0.75, 1 })
            svg.Append(Plain, $"<path d=\"M{X(l)} {Top}V{Top + PlotHeight + 3}\" stroke=\"#ddd\"/><text x=\"{X(l)}\" y=\"{Top + PlotHeight + 14}\" text-anchor=\"middle\">{l}</text>\n");
        svg.Append(Plain, $"<path d=\"M{Left} {Y(report.Reference.Accuracy)}H{Left + PlotWidth}\" stroke=\"#777\" stroke-dasharray=\"4 3\"/>\n");
    }

    private static string X(double level) => (Left + level * PlotWidth).ToString("0.##", Plain);

    private static string Y(double accuracy, int below = 0) => (Top + (1 - accuracy) * PlotHeight + below).ToString("0.##", Plain);
}
