using Decant.Core;

namespace Decant.Tests.Coding;

/// <summary>Random things to code.</summary>
internal static class Bytes
{
    /// <summary>A symbol drawn from weights.</summary>
    public static int Draw(this Rng rng, double[] weights)
    {
        double at = rng.NextDouble() * weights.Sum();
        for (int i = 0; i < weights.Length; i++)
            if ((at -= weights[i]) < 0)
                return i;
        return weights.Length - 1;
    }

    public static double Entropy(IEnumerable<long> counts)
    {
        long[] used = [.. counts.Where(c => c > 0)];
        double total = used.Sum();
        return used.Sum(c => -c * Math.Log2(c / total));
    }

    public static float[] Floats(Rng rng, int count, double density, double scale = 0.1) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ => rng.NextDouble() < density ? (float)(rng.NextNormal() * scale) : 0f),
        ];

    public static CodebookEncoding Codebook(Rng rng, Shape shape, int entries, double density, bool zeroApart)
    {
        float[] book = [.. Enumerable.Range(0, entries).Select(_ => (float)rng.NextNormal())];
        if (zeroApart)
            book[0] = 0;
        var indices = new byte[shape.Count];
        int start = zeroApart ? 1 : 0;
        for (int i = 0; i < indices.Length; i++)
            if (!zeroApart || (entries > 1 && rng.NextDouble() < density))
                indices[i] = (byte)(start + rng.Next(entries - start));
        return new CodebookEncoding(shape, book, indices, zeroApart);
    }
}
