namespace Decant.Data;

/// <summary>
/// Draws one digit after another, each decided by its own random stream. Not safe for use by two threads at once.
/// </summary>
internal sealed class DigitArtist
{
    private const int StepsPerPoint = 5;

    private readonly HandMotion hand = new();
    private readonly Pen pen = new();
    private readonly Point[] corners = new Point[32],
        line = new Point[32 * StepsPerPoint];
    private readonly double[] rows = new double[Pen.Side * Pen.Side];

    /// <summary>Draws a digit.</summary>
    /// <param name="digit">0..9.</param>
    /// <param name="random">What decides everything else.</param>
    /// <param name="pixels">Gets 28×28 bytes, ink white on black.</param>
    public void Draw(int digit, CounterRandom random, Span<byte> pixels)
    {
        Point[][][] styles = DigitSkeletons.Styles[digit];
        Point[][] strokes = styles[random.Next(styles.Length)];
        hand.Draw(ref random);
        pen.Take(ref random);
        foreach (Point[] stroke in strokes)
            pen.Stroke(Bend(stroke, ref random), ref random);
        Blur(random.Next(0, 0.16));
        Print(random.Next(0, 0.06), ref random, pixels);
    }

    private ReadOnlySpan<Point> Bend(Point[] stroke, ref CounterRandom random)
    {
        for (int i = 0; i < stroke.Length; i++)
            corners[i] =
                i > 0 && stroke[i] == stroke[i - 1]
                    ? corners[i - 1]
                    : stroke[i]
                        + new Point(DigitStrength.Jitter * random.NextBell(), DigitStrength.Jitter * random.NextBell());
        int n = 0;
        for (int i = 0; i + 1 < stroke.Length; i++)
        for (int step = 0; step < StepsPerPoint && corners[i] != corners[i + 1]; step++)
            line[n++] = hand.Map(Spline(i, stroke.Length, (double)step / StepsPerPoint));
        line[n++] = hand.Map(corners[stroke.Length - 1]);
        return line.AsSpan(0, n);
    }

    /// <summary>Catmull and Rom's cubic through the points (1974), between points i and i + 1.</summary>
    private Point Spline(int i, int count, double t)
    {
        Point a = corners[Math.Max(i - 1, 0)],
            b = corners[i],
            c = corners[i + 1],
            d = corners[Math.Min(i + 2, count - 1)];
        return 0.5 * (2 * b + t * (c - a) + t * t * (2 * a - 5 * b + 4 * c - d) + t * t * t * (3 * b - a - 3 * c + d));
    }

    private void Blur(double side)
    {
        Span<double> canvas = pen.Canvas;
        Smooth(canvas, rows, side, 1);
        Smooth(rows, canvas, side, Pen.Side);
    }

    private static void Smooth(ReadOnlySpan<double> from, Span<double> to, double side, int stride)
    {
        for (int i = 0; i < from.Length; i++)
        {
            int position = stride == 1 ? i % Pen.Side : i / Pen.Side;
            double before = position > 0 ? from[i - stride] : 0,
                after = position < Pen.Side - 1 ? from[i + stride] : 0;
            to[i] = (1 - 2 * side) * from[i] + side * (before + after);
        }
    }

    private void Print(double noise, ref CounterRandom random, Span<byte> pixels)
    {
        ReadOnlySpan<double> canvas = pen.Canvas;
        ulong bits = 0;
        for (int i = 0; i < pixels.Length; i++)
        {
            if (i % 4 == 0)
                bits = random.NextBits();
            double grain = ((bits & 0xFF) + ((bits >> 8) & 0xFF)) * (1.0 / 255) - 1;
            bits >>= 16;
            pixels[i] = (byte)(Math.Clamp(canvas[i] + noise * grain, 0, 1) * 255 + 0.5);
        }
    }
}

/// <summary>
/// One hand's way of bending a page: a smooth random displacement, then slant, size, turn and place. Maps the page to
/// pixels.
/// </summary>
internal sealed class HandMotion
{
    private const int Knots = 4;

    private readonly Point[] field = new Point[Knots * Knots];
    private double xx,
        xy,
        yx,
        yy;
    private Point place;

    /// <summary>Draws a new hand.</summary>
    public void Draw(ref CounterRandom random)
    {
        for (int i = 0; i < field.Length; i++)
            field[i] = new Point(DigitStrength.Field * random.NextBell(), DigitStrength.Field * random.NextBell());
        double height = DigitStrength.Height * (1 + DigitStrength.Size * random.NextBell());
        double width = height * (1 + DigitStrength.Aspect * random.NextBell());
        double slant = DigitStrength.MeanSlant + DigitStrength.Slant * random.NextBell();
        var (sin, cos) = Trigonometry.SinCos(DigitStrength.Turn * random.NextBell());
        // Turn × slant × size: x leans to the right towards the top, where y is negative.
        (xx, xy) = (cos * width, -cos * slant * width - sin * height);
        (yx, yy) = (sin * width, -sin * slant * width + cos * height);
        place = new Point(
            13.5 + DigitStrength.Place * random.NextBell(),
            13.5 + DigitStrength.Place * random.NextBell()
        );
    }

    /// <summary>Where a point of the page comes to lie, in pixels; pixel centres are whole numbers.</summary>
    public Point Map(Point p)
    {
        Point q = p + Displacement(p);
        return new Point(place.X + xx * q.X + xy * q.Y, place.Y + yx * q.X + yy * q.Y);
    }

    private Point Displacement(Point p)
    {
        var (column, u) = Cell(p.X);
        var (row, v) = Cell(p.Y);
        int at = row * Knots + column;
        Point top = (1 - u) * field[at] + u * field[at + 1];
        Point bottom = (1 - u) * field[at + Knots] + u * field[at + Knots + 1];
        return (1 - v) * top + v * bottom;
    }

    // Knots lie a third of the page apart; the smoothstep between them keeps lines free of kinks.
    private static (int Cell, double Weight) Cell(double at)
    {
        double t = Math.Clamp((at + 0.5) * (Knots - 1), 0, Knots - 1);
        int cell = Math.Min((int)t, Knots - 2);
        double f = t - cell;
        return (cell, f * f * (3 - 2 * f));
    }
}
