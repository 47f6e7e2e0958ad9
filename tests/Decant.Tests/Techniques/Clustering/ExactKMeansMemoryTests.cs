using Decant.Core;
using Decant.Techniques.Clustering;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Techniques.Clustering;

public sealed class ExactKMeansMemoryTests
{
    [Property]
    public bool A_monotone_row_gives_its_numbers_back(byte[] steps)
    {
        if (steps.Length == 0)
            return true;
        int last = 0;
        int[] values = [.. steps.Select(s => last += s % 3 == 0 ? s : 0)];
        var row = new MonotoneRow(values);
        return Enumerable.Range(0, values.Length).All(i => row[i] == values[i]);
    }

    [Fact]
    public void The_best_split_is_the_first_of_the_least_cost()
    {
        var rng = new Rng(5);
        SortedValues sorted = SortedValues.Of([.. Enumerable.Range(0, 200).Select(_ => (float)rng.NextNormal())]);
        double[] before = [.. Enumerable.Range(0, sorted.Distinct).Select(_ => (double)rng.Next(4))];
        for (int trial = 0; trial < 2000; trial++)
        {
            int end = 1 + rng.Next(sorted.Distinct),
                to = rng.Next(end),
                from = rng.Next(to + 1);
            double[] costs = [.. Enumerable.Range(from, to - from + 1).Select(s => before[s] + sorted.Cost(s, end))];
            var (cost, split) = sorted.BestSplit(before, from, to, end);
            Assert.Equal(costs.Min(), cost);
            Assert.Equal(from + Array.IndexOf(costs, costs.Min()), split);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(37)]
    public void Ties_go_to_the_first_split(int from)
    {
        SortedValues sorted = SortedValues.Of([.. Enumerable.Range(0, 40).Select(i => (float)i)]);
        var before = new double[40];
        Array.Fill(before, double.NegativeInfinity);
        Assert.Equal(from, sorted.BestSplit(before, from, 39, 40).Split);
    }
}
