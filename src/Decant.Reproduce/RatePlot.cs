using System.Globalization;
using System.Text;

namespace Decant.Reproduce;

/// <summary>
/// Error against compression, both by their logarithms, a line a method, as an SVG picture that refers to nothing
/// outside.
/// </summary>
internal static class RatePlot
{
    private const int Width = 640,
        Height = 400,
        Left = 56,
        Right = 24,
        Top = 56,
        Bottom = 44;

    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;
    private static readonly string[] Colours = ["#777777", "#1f5fa8", "#c0392b", "#2e8b57"];
    private static readonly double[] Steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200];

    /// <summary>The picture.</summary>
    public static string Of(IReadOnlyList<RateLine> lines)
    {
        RatePoint[] all = [.. lines.SelectMany(l => l.Points)];
        Axis x = Axis.Around(all.Select(p => p.Ratio), Left, Width - Right),
            y = Axis.Around(all.Select(p => p.Error), Height - Bottom, Top);
        var svg = new StringBuilder();
        svg.Append(
            Plain,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{Height}\" viewBox=\"0 "
                + $"0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"11\" fill=\"#333\">\n"
        );
        svg.Append(
            Plain,
            $"<rect width=\"{Width}\" height=\"{Height}\" fill=\"#fff\"/>\n<text x=\"{Left}\" y=\"22\" "
                + $"font-size=\"14\" font-weight=\"bold\">Test error against the layer's size, nothing "
                + $"trained after</text>\n"
        );
        foreach (double v in Steps.Where(x.Holds))
            svg.Append(
                Plain,
                $"<path d=\"M{x.At(v)} {Top}V{Height - Bottom}\" stroke=\"#ddd\"/><text x=\"{x.At(v)}\" "
                    + $"y=\"{Height - Bottom + 15}\" text-anchor=\"middle\">{v}x</text>\n"
            );
        foreach (double v in Steps.Where(y.Holds))
            svg.Append(
                Plain,
                $"<path d=\"M{Left} {y.At(v)}H{Width - Right}\" stroke=\"#ddd\"/><text x=\"{Left - 6}\" "
                    + $"y=\"{y.At(v, 4)}\" text-anchor=\"end\">{v} %</text>\n"
            );
        svg.Append(
            Plain,
            $"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 8}\" text-anchor=\"middle\">times "
                + $"smaller than 32-bit floats, codebooks counted</text>\n"
        );
        for (int i = 0; i < lines.Count; i++)
            Draw(svg, lines[i], i, x, y);
        return svg.Append("</svg>\n").ToString();
    }

    private static void Draw(StringBuilder svg, RateLine line, int index, Axis x, Axis y)
    {
        string colour = Colours[index % Colours.Length];
        svg.Append(
            Plain,
            $"<polyline points=\"{string.Join(' ', line.Points.Select(p => $"{x.At(p.Ratio)},{y.At(p.Error)}"))}\" "
                + $"fill=\"none\" "
                + $"stroke=\"{colour}\" stroke-width=\"1.5\"/>\n"
        );
        foreach (RatePoint p in line.Points)
            svg.Append(
                Plain,
                $"<circle cx=\"{x.At(p.Ratio)}\" cy=\"{y.At(p.Error)}\" r=\"3\" "
                    + $"fill=\"{colour}\"><title>{line.Name}, {p.What}: {p.Ratio:0.0}x, {p.Error:0.00} "
                    + $"%</title></circle>\n"
            );
        int at = Left + 110 * index;
        svg.Append(
            Plain,
            $"<circle cx=\"{at + 4}\" cy=\"40\" r=\"4\" fill=\"{colour}\"/><text x=\"{at + 13}\" "
                + $"y=\"44\">{line.Name}</text>\n"
        );
    }

    /// <summary>A logarithmic axis from one place of the picture to another.</summary>
    private sealed record Axis(double Low, double High, int From, int To)
    {
        private const double Least = 0.01,
            Padding = 1.15;

        public static Axis Around(IEnumerable<double> values, int from, int to)
        {
            double[] all = [.. values.Select(v => Math.Max(v, Least))];
            return new Axis(all.Min() / Padding, all.Max() * Padding, from, to);
        }

        public bool Holds(double value) => value >= Low && value <= High;

        public string At(double value, int below = 0) =>
            (From + (To - From) * Math.Log(Math.Max(value, Least) / Low) / Math.Log(High / Low) + below).ToString(
                "0.##",
                Plain
            );
    }
}

/// <summary>One method's points, the least compressed first.</summary>
internal sealed record RateLine(string Name, IReadOnlyList<RatePoint> Points);

/// <summary>What a method costs at one setting.</summary>
/// <param name="What">The setting.</param>
/// <param name="Ratio">How many times smaller than 32-bit floats.</param>
/// <param name="Error">Percent.</param>
internal sealed record RatePoint(string What, double Ratio, double Error);
