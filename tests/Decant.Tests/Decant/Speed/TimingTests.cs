using Decant.Speed;
using Xunit;

namespace Decant.Tests.Speed;

[Collection("alone")]
public sealed class TimingTests
{
    [Fact]
    public void QuartilesAreThoseOfTheDefinition()
    {
        Assert.Equal(new Timing(3, 2, 4, 5), Timing.Of([5, 1, 4, 2, 3]));
        Assert.Equal(new Timing(2.5, 1.75, 3.25, 4), Timing.Of([4, 3, 2, 1]));
        Assert.Equal(new Timing(7, 7, 7, 1), Timing.Of([7]));
        Assert.Equal(new Timing(1.5, 1, 2, 5), Timing.Of([5, 1, 4, 2, 3]).Over(2));
    }

    [Fact]
    public void ContendersTakeTurnsInBothOrdersAndEachRunsAsOftenAsAsked()
    {
        var log = new List<string>();
        using var a = new Fake("a", log, 3);
        using var b = new Fake("b", log, 1);
        Turns turns = Turns.Take(
            [a, b],
            new TurnOptions
            {
                Rounds = 4,
                Runs = 10,
                WarmUp = 0,
                Rest = 0,
            }
        );
        Assert.Equal(12, turns.Of(0).Count);
        Assert.Equal(12, turns.Of(1).Count);
        Assert.Equal("abbaabba", string.Concat(log.Skip(2).Where((_, i) => i % 5 == 0)));
        Assert.Equal(4, turns.Ratio(0, 1).Count);
        Assert.InRange(turns.Of(0).Median, 2.9, 60);
        Assert.True(turns.Ratio(0, 1).Median > 1);
    }

    [Fact]
    public void TimeBoundsTheRunsWhereNoNumberDoes()
    {
        using var slow = new Fake("slow", [], 5);
        Turns turns = Turns.Take(
            [slow],
            new TurnOptions
            {
                Rounds = 2,
                Seconds = 0.05,
                WarmUp = 0,
                Rest = 0,
            }
        );
        Assert.InRange(turns.Of(0).Count, 2, 10);
    }

    private sealed class Fake(string name, List<string> log, int milliseconds) : IContender
    {
        public string Name => name;

        public void Run()
        {
            log.Add(name);
            Thread.Sleep(milliseconds);
        }

        public double[] Answer() => [];

        public void Dispose() { }
    }
}
