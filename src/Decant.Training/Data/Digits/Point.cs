namespace Decant.Training.Data;

/// <summary>A place, or a displacement, on a page or a canvas.</summary>
internal readonly record struct Point(double X, double Y)
{
    public static Point operator +(Point a, Point b) => new(a.X + b.X, a.Y + b.Y);

    public static Point operator -(Point a, Point b) => new(a.X - b.X, a.Y - b.Y);

    public static Point operator *(double s, Point p) => new(s * p.X, s * p.Y);
}
