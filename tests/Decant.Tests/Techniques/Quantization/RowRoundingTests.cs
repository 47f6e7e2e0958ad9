using Decant.Core;
using Decant.Techniques.Quantization;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Techniques.Quantization;

public sealed class RowRoundingTests
{
    private const int Size = 6,
        Vectors = 40;

    [Property(MaxTest = 60)]
    public void NoCodeAloneWouldBeBetter(ulong seed)
    {
        var rng = new Rng(seed);
        double[][] whole = [.. Enumerable.Range(0, Vectors).Select(_ => Related(rng))];
        double[][] seen = [.. whole.Select(x => Array.ConvertAll(x, v => v + 0.1 * rng.NextNormal()))];
        double[] w = [.. Enumerable.Range(0, Size).Select(_ => rng.Next(5) == 0 ? 0 : rng.NextNormal())];
        var (scales, zeros) = (w.Select(_ => 0.5).ToArray(), w.Select(_ => rng.Next(3) - 1).ToArray());
        var rounding = new RowRounding(Moments(seen, whole), w, scales, zeros, -4, 3);
        double nearest = Error(rounding.Codes);
        rounding.Descend();
        double found = Error(rounding.Codes);
        Assert.True(found <= nearest * (1 + 1e-9));
        for (int i = 0; i < Size; i++)
        {
            Assert.InRange(rounding.Codes[i], -4, 3);
            Assert.Equal((rounding.Codes[i] - zeros[i]) * scales[i], rounding.Values[i]);
            if (w[i] == 0)
                Assert.Equal(zeros[i], rounding.Codes[i]);
            else
                for (int code = -4; code <= 3; code++)
                    Assert.True(
                        found <= Error([.. rounding.Codes.Select((c, k) => k == i ? code : c)]) * (1 + 1e-9),
                        $"code {code} at {i} is better"
                    );
        }

        double Error(int[] codes)
        {
            double sum = 0;
            for (int v = 0; v < Vectors; v++)
            {
                double off = 0;
                for (int i = 0; i < Size; i++)
                    off += w[i] * whole[v][i] - (codes[i] - zeros[i]) * scales[i] * seen[v][i];
                sum += off * off;
            }
            return sum;
        }
    }

    [Fact]
    public void RoundingErrorsOfInputsThatAreAlikeMakeUpForEachOther()
    {
        // Both inputs are the same: 0.4 + 0.4 is nearer to 1 + 0 than to 0 + 0.
        double[][] x =
        [
            [1, 1],
            [2, 2],
            [-1, -1],
        ];
        var rounding = new RowRounding(Moments(x, x), [0.4, 0.4], [1, 1], [0, 0], -3, 3);
        Assert.Equal([0, 0], rounding.Codes);
        rounding.Descend();
        Assert.Equal(1, rounding.Codes.Sum());
    }

    [Fact]
    public void AChannelOfZerosHasNoScale()
    {
        var rounding = new RowRounding(
            Moments(
                [
                    [1],
                ],
                [
                    [1],
                ]
            ),
            [0],
            [0],
            [2],
            -4,
            3
        );
        rounding.Descend();
        Assert.Equal([2], rounding.Codes);
    }

    private static LayerMoments Moments(double[][] seen, double[][] whole)
    {
        int n = seen[0].Length;
        double[] h = new double[n * n],
            c = new double[n * n];
        for (int v = 0; v < seen.Length; v++)
        for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
        {
            h[i * n + j] += seen[v][i] * seen[v][j];
            c[i * n + j] += seen[v][i] * whole[v][j];
        }
        return new LayerMoments(new double[n], new double[n], h, c);
    }

    private static double[] Related(Rng rng)
    {
        double common = rng.NextNormal();
        return [.. Enumerable.Range(0, Size).Select(_ => common + rng.NextNormal())];
    }
}
