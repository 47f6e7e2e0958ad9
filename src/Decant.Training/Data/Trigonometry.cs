namespace Decant.Training.Data;

/// <summary>Sine and cosine by power series in a fixed order of operations: the C library's differ between machines in the last bit.</summary>
internal static class Trigonometry
{
    private const int Terms = 14;

    /// <summary>Sine and cosine of an angle of at most a turn, in radians, to about 1e-12.</summary>
    public static (double Sin, double Cos) SinCos(double angle)
    {
        double sin = 0, cos = 0, term = 1;
        for (int n = 0; n < 2 * Terms; n++)
        {
            if (n % 2 == 0) cos += n % 4 == 0 ? term : -term;
            else sin += n % 4 == 1 ? term : -term;
            term = term * angle / (n + 1);
        }
        return (sin, cos);
    }
}
