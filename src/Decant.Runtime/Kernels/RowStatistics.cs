using System.Numerics;
using System.Runtime.Intrinsics;

namespace Decant.Runtime.Kernels;

/// <summary>Sums over a row in double precision, which every normalization needs. Four sums are kept apart whatever the machine's vectors.</summary>
internal static class RowStatistics
{
    /// <summary>The mean.</summary>
    public static double Mean<T>(ReadOnlySpan<T> row) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Vector256<double> sums = default;
        int i = 0;
        for (; i <= row.Length - 4; i += 4) sums += Four(row[i..]);
        double sum = Vector256.Sum(sums);
        for (; i < row.Length; i++) sum += double.CreateTruncating(row[i]);
        return sum / row.Length;
    }

    /// <summary>The mean of (x − center)².</summary>
    public static double MeanSquare<T>(ReadOnlySpan<T> row, double center) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Vector256<double> sums = default, middle = Vector256.Create(center);
        int i = 0;
        for (; i <= row.Length - 4; i += 4)
        {
            Vector256<double> difference = Four(row[i..]) - middle;
            sums += difference * difference;
        }
        double sum = Vector256.Sum(sums);
        for (; i < row.Length; i++) sum += Square(double.CreateTruncating(row[i]) - center);
        return sum / row.Length;
    }

    private static Vector256<double> Four<T>(ReadOnlySpan<T> row) where T : unmanaged
    {
        if (typeof(T) == typeof(double)) return Vector256.Create(row).AsDouble();
        var (low, high) = Vector128.Widen(Vector128.Create(row).AsSingle());
        return Vector256.Create(low, high);
    }

    private static double Square(double x) => x * x;
}
