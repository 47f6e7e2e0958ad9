using Decant.Core;
using Decant.Data;
using Xunit;

namespace Decant.Tests.Data.Tasks;

public sealed class SegmentationTests
{
    private const int Count = 6,
        Classes = 4,
        Height = 5,
        Width = 3,
        Pixels = Height * Width;

    private static (string, Tensor)[] Scores(Rng random) =>
        [("y", TaskFixtures.Floats(random, Count, Classes, Height, Width))];

    private static (string, Tensor)[] Maps(long[] classes) =>
        [("t", Tensor.Of(new Shape(Count, Height, Width), classes))];

    private static long[] Draw(Rng random) =>
        [
            .. Enumerable
                .Range(0, Count * Pixels)
                .Select(_ => random.Next(6))
                .Select(c =>
                    c < 3 ? c
                    : c == 3 ? 255L
                    : 0
                ),
        ];

    /// <summary>The class of each pixel by its largest score.</summary>
    private static long[] Largest(Tensor scores)
    {
        float[] values = scores.Array<float>();
        return
        [
            .. Enumerable
                .Range(0, Count * Pixels)
                .Select(p =>
                    (long)
                        Enumerable
                            .Range(0, Classes)
                            .MaxBy(c => values[(p / Pixels * Classes + c) * Pixels + p % Pixels])
                ),
        ];
    }

    [Fact]
    public void MetricsAreThoseOfSetsOfPixels()
    {
        var random = Rng.For(1, "segmentation");
        for (int trial = 0; trial < 20; trial++)
        {
            (string, Tensor Values)[] outputs = Scores(random);
            long[] target = Draw(random),
                made = Largest(outputs[0].Values);
            int[] counted = [.. Enumerable.Range(0, target.Length).Where(p => target[p] != 255)];
            var ious = new List<double>();
            for (int c = 0; c < Classes; c++)
            {
                HashSet<int> is_ = [.. counted.Where(p => target[p] == c)],
                    said = [.. counted.Where(p => made[p] == c)];
                int both = is_.Intersect(said).Count(),
                    either = is_.Union(said).Count();
                if (either > 0)
                    ious.Add((double)both / either);
            }
            foreach (
                (string, Tensor)[] of in new[]
                {
                    outputs,
                    [("y", Tensor.Of(new Shape(Count, Height, Width), made))],
                    [("y", Tensor.Of(new Shape(Count, 1, Height, Width), Array.ConvertAll(made, m => (int)m)))],
                }
            )
            {
                Score score = TaskFixtures.Evaluate(new Segmentation(), of, Maps(target));
                Assert.Equal(["mIoU", "pixel accuracy"], score.Values.Select(v => v.Name));
                Assert.Equal(ious.Average(), score.Primary.Value, 12);
                Assert.Equal(
                    counted.Count(p => made[p] == target[p]) / (double)counted.Length,
                    score.Values[1].Value,
                    12
                );
            }
            TaskFixtures.InvariantOf(new Segmentation(), outputs, Maps(target), random);
        }
    }

    [Fact]
    public void WhatIsAllRightIsTheBestAndWhatIsAllWrongTheWorst()
    {
        var random = Rng.For(2, "segmentation");
        (string, Tensor Values)[] outputs = Scores(random);
        long[] made = Largest(outputs[0].Values);
        Assert.All(TaskFixtures.Evaluate(new Segmentation(), outputs, Maps(made)).Values, v =>
            Assert.Equal(1, v.Value)
        );
        long[] others = Array.ConvertAll(made, c => (c + 1) % Classes);
        Assert.All(TaskFixtures.Evaluate(new Segmentation(), outputs, Maps(others)).Values, v =>
            Assert.Equal(0, v.Value)
        );
        outputs[0].Values.Span<float>().Fill(float.NaN);
        Assert.All(TaskFixtures.Evaluate(new Segmentation(), outputs, Maps(made)).Values, v =>
            Assert.Equal(0, v.Value)
        );
    }

    [Fact]
    public void PixelsOfTheIgnoredClassAndOfNegativeOnesDoNotCount()
    {
        (string, Tensor Values)[] outputs = Scores(Rng.For(3, "segmentation"));
        long[] made = Largest(outputs[0].Values);
        long[] some =
        [
            .. made.Select(
                (c, i) =>
                    i % 3 == 0 ? -1
                    : i % 3 == 1 ? 3
                    : c
            ),
        ];
        Score score = TaskFixtures.Evaluate(
            new Segmentation(new SegmentationOptions { Ignored = 3 }),
            outputs,
            Maps(some)
        );
        Assert.Equal(1, score["pixel accuracy"]);
        Assert.Contains(
            "has class 9, which is outside 0..3",
            Assert
                .Throws<DataException>(() =>
                    TaskFixtures.Evaluate(new Segmentation(), outputs, Maps(Array.ConvertAll(made, _ => 9L)))
                )
                .Message
        );
        Assert.Contains(
            "no pixel",
            Assert
                .Throws<DataException>(() =>
                    TaskFixtures.Evaluate(new Segmentation(), outputs, Maps(Array.ConvertAll(made, _ => 255L)))
                )
                .Message
        );
    }

    [Fact]
    public void AnotherSizeIsRefusedWithBothSizes()
    {
        ArraySource data = TaskFixtures.Data(2, ("t", Tensor.Zeros(ElementType.UInt8, new Shape(2, 48, 64))));
        Network network = TaskFixtures.Network(("y", ElementType.Float32, new Shape(-1, 21, 12, 16)));
        Assert.Equal(
            "segmentation: output 'y' has 12×16 pixels, and target 't' 48×64; they must be equal: resize one of "
                + "them; outputs and targets fit fidelity to another network",
            TaskFixtures.Refusal(new Segmentation(), network, data)
        );
        Assert.IsType<Segmentation>(LearningTasks.For(network, data));
        Network several = TaskFixtures.Network(
            ("small", ElementType.Float32, new Shape(-1, 21, 12, 16)),
            ("whole", ElementType.Float32, new Shape(-1, 21, 48, 64))
        );
        Assert.Equal(1, new Segmentation().ScoredOutput(several, data));
        Assert.Contains(
            "segmentation needs an output N×classes×height×width of floats",
            TaskFixtures.Refusal(
                new Segmentation(),
                TaskFixtures.Network(("y", ElementType.Float32, new Shape(-1, 10))),
                data
            )
        );
    }
}
