using Decant.Core;

namespace Decant.Techniques.Pruning;

/// <summary>Selection of weights by magnitude.</summary>
internal static class Magnitudes
{
    /// <summary>The <paramref name="kept"/> numbers of largest magnitude; of equal ones, those that come first.</summary>
    public static SparseEncoding KeepLargest(Tensor values, int kept)
    {
        var (positions, numbers) = Select(values.Array<float>(), kept);
        return new SparseEncoding(values.Shape, positions, numbers);
    }

    /// <summary>As the other overload, among the numbers that a sparse weight holds.</summary>
    public static SparseEncoding KeepLargest(SparseEncoding weight, int kept)
    {
        var (places, numbers) = Select(weight.Values.ToArray(), kept);
        int[] positions = weight.Positions.ToArray();
        return new SparseEncoding(weight.Shape, Array.ConvertAll(places, p => positions[p]), numbers);
    }

    /// <summary>Checks that magnitudes can be compared.</summary>
    /// <exception cref="ModelException">A number is infinite or not a number.</exception>
    public static void CheckFinite(string weight, ReadOnlySpan<float> values)
    {
        foreach (float v in values)
            if (!float.IsFinite(v)) throw new ModelException($"weight '{weight}' holds {v}; only finite numbers can be pruned by magnitude");
    }

    private static (int[] Positions, float[] Numbers) Select(float[] all, int kept)
    {
        float threshold = Largest(all, kept);
        int ties = kept - CountAbove(all, threshold);
        var (positions, numbers) = (new int[kept], new float[kept]);
        for (int i = 0, k = 0; i < all.Length && k < kept; i++)
        {
            float magnitude = Math.Abs(all[i]);
            if (magnitude < threshold || (magnitude == threshold && ties-- <= 0)) continue;
            (positions[k], numbers[k++]) = (i, all[i]);
        }
        return (positions, numbers);
    }

    /// <summary>How many numbers, zeros apart, have at least a magnitude.</summary>
    public static int CountAtLeast(ReadOnlySpan<float> values, double threshold)
    {
        int n = 0;
        foreach (float v in values)
            if (v != 0 && Math.Abs(v) >= threshold) n++;
        return n;
    }

    /// <summary>The standard deviation of the numbers that are not zero.</summary>
    public static double StandardDeviation(ReadOnlySpan<float> values)
    {
        double sum = 0, squares = 0;
        long n = 0;
        foreach (float v in values)
        {
            if (v == 0) continue;
            (sum, squares, n) = (sum + v, squares + (double)v * v, n + 1);
        }
        return n == 0 ? 0 : Math.Sqrt(Math.Max(0, squares / n - sum / n * (sum / n)));
    }

    /// <summary>The magnitude of rank <paramref name="rank"/>, counted from 1 at the largest, by radix selection on the float's bits.</summary>
    private static float Largest(float[] values, int rank)
    {
        uint prefix = 0, mask = 0;
        var counts = new int[1 << 11];
        foreach (int shift in (ReadOnlySpan<int>)[21, 10, 0])
        {
            Array.Clear(counts);
            uint digit = shift == 0 ? 0x3FFu : 0x7FFu;
            foreach (float v in values)
            {
                uint bits = BitConverter.SingleToUInt32Bits(Math.Abs(v));
                if ((bits & mask) == prefix) counts[(bits >> shift) & digit]++;
            }
            uint d = digit;
            while (rank > counts[d]) rank -= counts[d--];
            prefix |= d << shift;
            mask |= digit << shift;
        }
        return BitConverter.UInt32BitsToSingle(prefix);
    }

    private static int CountAbove(float[] values, float threshold)
    {
        int n = 0;
        foreach (float v in values)
            if (Math.Abs(v) > threshold) n++;
        return n;
    }
}
