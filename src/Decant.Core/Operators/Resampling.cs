namespace Decant.Core.Operators;

/// <summary>How a Resize samples an axis; the words are ONNX's.</summary>
/// <param name="Mode">nearest, linear or cubic.</param>
/// <param name="Coordinates">The coordinate_transformation_mode.</param>
/// <param name="Rounding">The nearest_mode.</param>
/// <param name="CubicA">The coefficient a of cubic convolution (Keys 1981).</param>
/// <param name="Antialias">Whether the filter is widened where the axis shrinks.</param>
/// <param name="ExcludesOutside">Whether weights outside the input are 0 and the others scaled to a sum of 1.</param>
public sealed record Resampling(string Mode, string Coordinates, string Rounding, double CubicA, bool Antialias, bool ExcludesOutside)
{
    private const long MaxTable = 1 << 24;

    /// <summary>The input coordinates that every output coordinate of an axis reads, and how much each counts.</summary>
    /// <exception cref="ModelException">The table would be too large.</exception>
    public ResampleTable Table(ResizeAxis axis)
    {
        int reach = Reach(axis.Scale), taps = Mode == "nearest" ? 1 : 2 * reach;
        if ((long)axis.Output * taps > MaxTable) throw new ModelException($"resizing {axis.Input} to {axis.Output} takes {taps} numbers for each; that is too much");
        var table = new ResampleTable(axis.Input, axis.Output, taps);
        for (int x = 0; x < axis.Output && axis.Input > 0; x++)
        {
            double at = axis.Coordinate(Coordinates, x);
            table.Outside[x] = Coordinates == "tf_crop_and_resize" && (at < 0 || at > axis.Input - 1);
            at = Math.Clamp(at, -2.0 - axis.Input, 2.0 * axis.Input + 2);
            // A coordinate on a pixel counts as the right one of its pair.
            double left = Math.Ceiling(at) - 1;
            if (Mode == "nearest") table.Set(x, 0, (int)left + (TakesRight(at - left) ? 1 : 0), 1);
            else Fill(table, x, (int)left - reach + 1, at - left, Math.Min(1, axis.Scale));
        }
        return table;
    }

    private int Reach(double scale)
    {
        int support = Mode == "cubic" ? 2 : 1;
        if (!Antialias || scale >= 1 || Mode == "nearest") return support;
        return (int)Math.Min(int.MaxValue / 4, -Math.Floor(-support / scale));
    }

    private bool TakesRight(double ratio) => ratio == 1 || Rounding switch
    {
        "round_prefer_floor" => ratio > 0.5,
        "round_prefer_ceil" => ratio >= 0.5,
        "floor" => false,
        _ => true,
    };

    private void Fill(ResampleTable table, int x, int first, double ratio, double scale)
    {
        int reach = table.Taps / 2;
        double sum = 0, used = 0;
        Span<double> weights = table.Taps <= 64 ? stackalloc double[table.Taps] : new double[table.Taps];
        for (int t = 0; t < weights.Length; t++)
        {
            weights[t] = Weight(Math.Abs(t - reach + 1 - ratio) * (Antialias ? scale : 1));
            sum += weights[t];
            if (ExcludesOutside && (first + t < 0 || first + t >= table.Input)) weights[t] = 0;
            used += weights[t];
        }
        double whole = ExcludesOutside && used != 0 ? used : Antialias ? sum : 1;
        for (int t = 0; t < weights.Length; t++) table.Set(x, t, first + t, weights[t] / whole);
    }

    /// <summary>The filter at a distance: a triangle, or cubic convolution.</summary>
    private double Weight(double distance)
    {
        if (Mode == "linear") return Math.Max(0, 1 - distance);
        double a = CubicA, d = distance;
        return d <= 1 ? ((a + 2) * d - (a + 3)) * d * d + 1 : d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
    }
}
