using Decant.Core;
using Decant.Techniques.Statistics;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Techniques.Statistics;

public sealed class ValueStatisticsTests
{
    [Property(MaxTest = 60)]
    public void Statistics_image_by_image_are_those_of_all_values(ulong seed)
    {
        var rng = new Rng(seed);
        double size = Math.Pow(10, rng.NextDouble(-4, 4)),
            off = rng.NextDouble(-size, size);
        float[][] images =
        [
            .. Enumerable
                .Range(0, 1 + rng.Next(6))
                .Select(_ => Enumerable.Range(0, 200).Select(_ => (float)(off + size * rng.NextNormal())).ToArray()),
        ];
        var collector = new StatisticsCollector(new Shape(200));
        foreach (float[] image in images)
            collector.Add(image);
        ValueStatistics s = collector.ToStatistics();
        double[] all = [.. images.SelectMany(i => i).Select(v => (double)v)];
        double mean = all.Average(),
            deviation = Math.Sqrt(all.Average(v => (v - mean) * (v - mean)));
        Assert.Equal(all.Length, s.Count);
        Assert.Equal((all.Min(), all.Max()), (s.Low, s.High));
        Assert.Equal(images.Average(i => (double)i.Min()), s.AverageLow, 1e-9 * size);
        Assert.Equal(images.Average(i => (double)i.Max()), s.AverageHigh, 1e-9 * size);
        Assert.Equal(mean, s.Mean, 1e-9 * size);
        Assert.Equal(deviation, s.Deviation, 1e-9 * size);
        Assert.Equal(all.Average(v => Math.Abs(v - mean)), s.Laplace, s.Histogram.Width);
        Assert.Equal(all.Length, s.Histogram.Counts.ToArray().Sum());
    }

    [Property(MaxTest = 60)]
    public void A_histogram_counts_each_value_in_its_bin_whatever_came_before(ulong seed)
    {
        var rng = new Rng(seed);
        var histogram = new ValueHistogram();
        var all = new List<float>();
        for (int part = 0; part < 5; part++)
        {
            float[] values = [.. Enumerable.Range(0, 50).Select(_ => (float)(rng.NextNormal() * Math.Pow(4, part)))];
            histogram.Add(values);
            all.AddRange(values);
        }
        var expected = new long[ValueHistogram.Bins];
        foreach (float v in all)
            expected[histogram.BinOf(v)]++;
        // A value on an edge may have been counted on its other side before bins were merged.
        Assert.InRange(expected.Zip(histogram.Counts.ToArray(), (a, b) => Math.Abs(a - b)).Sum(), 0, 2);
    }

    [Fact]
    public void WhatIsNotFiniteIsSaid()
    {
        Assert.Contains(
            "NaN is among the values",
            Assert.Throws<ModelException>(() => ValueStatistics.Of([1, float.NaN])).Message
        );
        Assert.Contains("no values", Assert.Throws<ModelException>(() => ValueStatistics.Of([])).Message);
    }
}
