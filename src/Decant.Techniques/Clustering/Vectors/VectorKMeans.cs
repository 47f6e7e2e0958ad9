using Decant.Core;

namespace Decant.Techniques.Clustering;

/// <summary>
/// Lloyd's iterations over vectors from a start by k-means++ (Arthur and Vassilvitskii 2007); an entry that no vector
/// is nearest to becomes the vector that is farthest from its own.
/// </summary>
internal static class VectorKMeans
{
    private const int Iterations = 30;

    /// <summary>Finds entries, and the nearest of each vector.</summary>
    /// <param name="vectors">Vectors, one after another.</param>
    /// <param name="length">Numbers in each.</param>
    /// <param name="entries">How many entries, at most as many as there are vectors.</param>
    /// <param name="rng">Draws the start.</param>
    public static (float[] Entries, byte[] Codes) Find(float[] vectors, int length, int entries, Rng rng)
    {
        int count = vectors.Length / length;
        float[] found = Start(vectors, length, entries, rng);
        var (codes, distances) = (new byte[count], new double[count]);
        for (int i = 0; i < Iterations; i++)
        {
            bool moved = Assign(vectors, length, found, codes, distances);
            if (!moved && i > 0)
                break;
            Center(vectors, length, found, codes, distances);
        }
        Assign(vectors, length, found, codes, distances);
        return (found, codes);
    }

    private static float[] Start(float[] vectors, int length, int entries, Rng rng)
    {
        int count = vectors.Length / length;
        var found = new float[entries * length];
        var nearest = new double[count];
        Array.Fill(nearest, double.PositiveInfinity);
        int next = rng.Next(count);
        for (int e = 0; e < entries; e++)
        {
            vectors.AsSpan(next * length, length).CopyTo(found.AsSpan(e * length));
            double sum = 0;
            for (int v = 0; v < count; v++)
                sum += nearest[v] = Math.Min(nearest[v], Distance(vectors, v * length, found, e * length, length));
            double mark = rng.NextDouble() * sum;
            next = 0;
            while (next < count - 1 && (mark -= nearest[next]) >= 0)
                next++;
        }
        return found;
    }

    private static bool Assign(float[] vectors, int length, float[] entries, byte[] codes, double[] distances)
    {
        bool moved = false;
        for (int v = 0; v < codes.Length; v++)
        {
            (byte best, double least) = (0, double.PositiveInfinity);
            for (int e = 0; e * length < entries.Length; e++)
                if (Distance(vectors, v * length, entries, e * length, length) is var d && d < least)
                    (best, least) = ((byte)e, d);
            moved |= codes[v] != best;
            (codes[v], distances[v]) = (best, least);
        }
        return moved;
    }

    private static void Center(float[] vectors, int length, float[] entries, byte[] codes, double[] distances)
    {
        var (sums, counts) = (new double[entries.Length], new int[entries.Length / length]);
        for (int v = 0; v < codes.Length; v++)
        {
            counts[codes[v]]++;
            for (int i = 0; i < length; i++)
                sums[codes[v] * length + i] += vectors[v * length + i];
        }
        for (int e = 0; e < counts.Length; e++)
        {
            int far = counts[e] > 0 ? -1 : Array.IndexOf(distances, distances.Max());
            if (far >= 0)
                distances[far] = 0;
            for (int i = 0; i < length; i++)
                entries[e * length + i] =
                    far >= 0 ? vectors[far * length + i] : (float)(sums[e * length + i] / counts[e]);
        }
    }

    private static double Distance(float[] a, int at, float[] b, int from, int length)
    {
        float sum = 0;
        for (int i = 0; i < length; i++)
        {
            float d = a[at + i] - b[from + i];
            sum += d * d;
        }
        return sum;
    }
}
