namespace Decant.Data;

/// <summary>Draws strokes on a 28×28 canvas: round, anti-aliased, of changing width and ink.</summary>
internal sealed class Pen
{
    public const int Side = 28;

    private readonly double[] canvas = new double[Side * Side];
    private double width,
        ink;

    /// <summary>Ink at each pixel, 0..1.</summary>
    public Span<double> Canvas => canvas;

    /// <summary>Cleans the canvas and takes a new pen.</summary>
    public void Take(ref CounterRandom random)
    {
        Array.Clear(canvas);
        width = random.Next(0.55, 1.45);
        ink = random.Next(0.8, 1.0);
    }

    /// <summary>
    /// Draws lines between neighbouring points, in pixels; pressure swells and ebbs by a fifth along the stroke.
    /// </summary>
    public void Stroke(ReadOnlySpan<Point> points, ref CounterRandom random)
    {
        double from = random.Next(0.8, 1.2),
            middle = random.Next(0.8, 1.2),
            to = random.Next(0.8, 1.2);
        double Pressure(int i, int n)
        {
            double t = (double)i / n,
                s = 1 - t;
            return s * s * from + 2 * s * t * middle + t * t * to;
        }
        for (int i = 1; i < points.Length; i++)
            Line(points[i - 1], points[i], Pressure(i, points.Length));
    }

    private void Line(Point a, Point b, double pressure)
    {
        double half = width * pressure,
            reach = half + 0.5,
            strength = Math.Min(1, ink * (0.5 + 0.5 * pressure));
        int left = Edge(Math.Min(a.X, b.X) - reach),
            right = Edge(Math.Max(a.X, b.X) + reach);
        int top = Edge(Math.Min(a.Y, b.Y) - reach),
            bottom = Edge(Math.Max(a.Y, b.Y) + reach);
        for (int y = top; y <= bottom; y++)
        for (int x = left; x <= right; x++)
        {
            double square = SquaredDistance(new Point(x, y), a, b);
            if (square >= reach * reach)
                continue;
            double covered = strength * Math.Min(1, reach - Math.Sqrt(square));
            if (covered > canvas[y * Side + x])
                canvas[y * Side + x] = covered;
        }
    }

    private static int Edge(double at) => (int)Math.Clamp(Math.Floor(at + 0.5), 0, Side - 1);

    private static double SquaredDistance(Point p, Point a, Point b)
    {
        Point d = b - a,
            e = p - a;
        double length = d.X * d.X + d.Y * d.Y;
        double t = length > 0 ? Math.Clamp((d.X * e.X + d.Y * e.Y) / length, 0, 1) : 0;
        Point off = e - t * d;
        return off.X * off.X + off.Y * off.Y;
    }
}

/// <summary>A place, or a displacement, on a page or a canvas.</summary>
internal readonly record struct Point(double X, double Y)
{
    public static Point operator +(Point a, Point b) => new(a.X + b.X, a.Y + b.Y);

    public static Point operator -(Point a, Point b) => new(a.X - b.X, a.Y - b.Y);

    public static Point operator *(double s, Point p) => new(s * p.X, s * p.Y);
}
