using System.Globalization;
using System.Text;

namespace Decant.Sensitivity;

/// <summary>An analysis as an SVG picture: a panel a weight or group, all with the same axes, in the network's order. It refers to nothing outside.</summary>
public static class SensitivityPlot
{
    private const int Margin = 24, AxisRoom = 30, HeadRoom = 78, FootRoom = 30, MostColumns = 6, LongestLine = 100;

    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    /// <summary>The picture.</summary>
    public static string Of(SensitivityReport report)
    {
        int panels = Math.Max(1, report.Curves.Length), columns = Math.Min(MostColumns, Math.Max(3, (int)Math.Ceiling(Math.Sqrt(panels)))), rows = (panels + columns - 1) / columns;
        int width = 2 * Margin + AxisRoom + columns * SensitivityPanel.Width, height = HeadRoom + rows * SensitivityPanel.Height + FootRoom;
        var svg = new StringBuilder();
        svg.Append(Plain, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" font-size=\"10\" fill=\"#333\">\n");
        svg.Append(Plain, $"<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n");
        Frame(svg, report, width, height);
        for (int i = 0; i < report.Curves.Length; i++)
            new SensitivityPanel(report, report.Curves[i]).Draw(svg, Margin + AxisRoom + i % columns * SensitivityPanel.Width, HeadRoom + i / columns * SensitivityPanel.Height);
        return svg.Append("</svg>\n").ToString();
    }

    private static void Frame(StringBuilder svg, SensitivityReport report, int width, int height)
    {
        string reference = (100 * report.Reference.Accuracy).ToString("0.00", Plain);
        Line(svg, 26, "font-size=\"15\" font-weight=\"bold\"", $"Accuracy when one {(report.Structured ? "group of channels" : "weight")} alone is pruned, without retraining");
        Line(svg, 44, "", SvgText.Shorten($"on {report.Images}", LongestLine));
        Line(svg, 58, "", $"dashed: {reference} %, nothing pruned; ring: the highest level within a point of it");
        svg.Append(Plain, $"<text x=\"{width / 2}\" y=\"{height - 12}\" text-anchor=\"middle\">level: share of the {report.Subject}'s {report.Parts} that {(report.Structured ? "are gone" : "are zero")}</text>\n");
        int middle = (height + HeadRoom - FootRoom) / 2;
        svg.Append(Plain, $"<text transform=\"translate({Margin},{middle}) rotate(-90)\" text-anchor=\"middle\">accuracy, %</text>\n");
        void Line(StringBuilder to, int y, string style, string text) => to.Append(Plain, $"<text x=\"{Margin}\" y=\"{y}\" {style}>{SvgText.Escape(text)}</text>\n");
    }
}
