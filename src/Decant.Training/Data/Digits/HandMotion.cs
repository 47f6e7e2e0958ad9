namespace Decant.Training.Data;

/// <summary>One hand's way of bending a page: a smooth random displacement, then slant, size, turn and place. Maps the page to pixels.</summary>
internal sealed class HandMotion
{
    private const int Knots = 4;

    private readonly Point[] field = new Point[Knots * Knots];
    private double xx, xy, yx, yy;
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
        place = new Point(13.5 + DigitStrength.Place * random.NextBell(), 13.5 + DigitStrength.Place * random.NextBell());
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
