using Decant.Core;
using Decant.Runtime.Memory;
using FsCheck;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Runtime.Memory;

public sealed unsafe class ArenaTests
{
    // What may be read beyond a buffer's end, and the rounding to a cache line.
    private const int Slack = 160 + 16;

    [Property(MaxTest = 200)]
    public void BuffersInUseAtTheSameTimeLieApart(DoNotSize<ulong> seed)
    {
        PlanBuffer[] buffers = Draw(new Rng(seed.Item));
        var arena = new Arena(buffers, long.MaxValue);
        foreach (PlanBuffer a in buffers)
        foreach (PlanBuffer b in buffers)
            if (a != b && Overlap(a, b))
            {
                Assert.False(a.First <= b.Last && b.First <= a.Last, $"seed {seed.Item}: both live");
                // What is never written must be the same, and lie in the same place.
                Assert.True(
                    a.Frame == b.Frame && (a.Frame is null || a.Offset == b.Offset),
                    $"seed {seed.Item}: frames"
                );
            }
        Assert.InRange(arena.Bytes, buffers.Max(b => b.Count) * 4, buffers.Sum(b => b.Count + Slack) * 4);
        Assert.All(buffers, b => Assert.Equal(0, (long)b.Address % 64));
        Assert.All(buffers, b =>
            Assert.Equal((long)buffers[0].Address - 4 * buffers[0].Offset, (long)b.Address - 4 * b.Offset)
        );
    }

    [Fact]
    public void AChainOfValuesTakesThePlaceOfTwo()
    {
        PlanBuffer[] buffers = [.. Enumerable.Range(0, 30).Select(i => Buffer(1000, null, i, i + 1))];
        Assert.InRange(new Arena(buffers, long.MaxValue).Bytes, 2 * 4000, 2 * (1000 + Slack) * 4);
    }

    [Fact]
    public void WhatNoStageUsesTakesNoPlace() =>
        Assert.Equal(0, new Arena([new PlanBuffer(1 << 20, null)], long.MaxValue).Bytes);

    [Fact]
    public void TooMuchIsRefusedBeforeItIsTaken()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var e = Assert.Throws<ModelException>(() =>
            new Arena([Buffer(1L << 40, null, 0, 1), Buffer(1L << 41, null, 1, 2)], 1 << 20)
        );
        Assert.Contains("this session may use 1,048,576", e.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    private static PlanBuffer[] Draw(Rng rng)
    {
        Frame[] frames =
        [
            .. Enumerable
                .Range(0, 3)
                .Select(i => Frame.OfFloats(new ImageLayout(1, 3 + i / 2, 3, 4, new Border(1, 1, i, 1)))!),
            new Frame(new ImageLayout(1, 3, 3, 4, new Border(1, 1, 0, 1)), 1, 0),
        ];
        return
        [
            .. Enumerable
                .Range(0, 1 + rng.Next(40))
                .Select(_ =>
                {
                    Frame? frame = rng.Next(2) == 0 ? null : frames[rng.Next(frames.Length)];
                    int first = rng.Next(20);
                    // Some have the size of the framed ones, so that their order among them is mixed.
                    long count = frame?.Layout.Count
                        ?? (rng.Next(2) == 0 ? frames[rng.Next(frames.Length)].Layout.Count : rng.Next(2000));
                    return Buffer(count, frame, first, first + rng.Next(rng.Next(8) + 1));
                }),
        ];
    }

    private static PlanBuffer Buffer(long count, Frame? frame, int first, int last)
    {
        var buffer = new PlanBuffer(count, frame);
        buffer.Use(first);
        buffer.Use(last);
        return buffer;
    }

    private static bool Overlap(PlanBuffer a, PlanBuffer b) =>
        a.Offset < b.Offset + b.Count && b.Offset < a.Offset + a.Count;
}
