using Decant.Coding;
using Decant.Core;
using Decant.Data;
using Decant.Techniques;
using Decant.Techniques.FixedPoint;
using Decant.Tests.Runs;
using Decant.Tests.Torch;
using Decant.Torch;
using Decant.Training;
using Xunit;

namespace Decant.Tests.Techniques.FixedPoint;

[Collection("libtorch")]
public sealed class FixedPointTests
{
    [TorchFact]
    public void NearestIsTheNearestOfAllNumbersOfTheFormat()
    {
        var format = new FixedPointFormat(5, 3);
        double[] all = [.. Enumerable.Range(-16, 32).Select(i => i / 8.0)];
        float[] x = [.. Enumerable.Range(-300, 600).Select(i => i / 100f + 0.0013f)];
        float[] rounded = Round(format, x, isDrawn: false);
        for (int i = 0; i < x.Length; i++)
            Assert.Equal(all.MinBy(v => Math.Abs(v - x[i])), rounded[i], 1e-9);
        Assert.Equal(rounded, Round(format, rounded, isDrawn: false));
        Assert.Equal(rounded, format.Encode(Tensor.Vector(x)).Decode().Array<float>());
    }

    [TorchFact]
    public void DrawnOnesAreNeighboursAndRightOnAverage()
    {
        var format = new FixedPointFormat(8, 4);
        LibTorch.Seed(1);
        foreach (float x in new[] { 0.02f, -0.37f, 1.55f, 3.0625f })
        {
            float[] drawn = Round(format, [.. Enumerable.Repeat(x, 20_000)], isDrawn: true);
            Assert.All(drawn, v => Assert.True(Math.Abs(v - x) < format.Step));
            Assert.Equal(x, drawn.Average(), 0.001);
        }
        Assert.All(Round(format, [.. Enumerable.Repeat(0.25f, 1000)], isDrawn: true), v => Assert.Equal(0.25f, v));
        Assert.All(Round(format, [.. Enumerable.Repeat(100f, 100)], isDrawn: true), v =>
            Assert.Equal((float)format.Greatest, v)
        );
    }

    [TorchFact]
    public void GradientsPassTheRoundingAndNotTheEnds()
    {
        var still = new FixedPointSettings(4, 2, 4, false, true, true, true, 0, 1);
        Assert.Equal([0, 1, 1, 0], Gradients(new FixedPointGroup(still), [-9, 0.3f, 1.75f, 9]));
        var moving = new FixedPointGroup(still with { Fraction = null, Overflow = 0.1 });
        Assert.Equal([1, 1, 1], Gradients(moving, [-9, 0.3f, 9]));
        Assert.Equal([0, 1], Gradients(moving, [200, 9]));

        static float[] Gradients(FixedPointGroup group, float[] numbers)
        {
            using var scope = new TorchScope();
            TorchTensor x = TorchTensor.From<float>(numbers, numbers.Length);
            x.RequiresGrad = true;
            FixedPointHook.Held(x, group).Sum().Backward();
            return x.Grad!.ToArray<float>();
        }
    }

    [Theory]
    [InlineData(0.3, 8, 8)]
    [InlineData(1.0, 8, 6)]
    [InlineData(5.0, 10, 6)]
    public void AFormatHoldsWhatItIsMadeFor(double magnitude, int bits, int fraction)
    {
        FixedPointFormat format = FixedPointFormat.Holding(magnitude, bits);
        Assert.Equal(fraction, format.Fraction);
        Assert.InRange(magnitude, format.Greatest / 2 - format.Step, format.Greatest + format.Step / 2);
    }

    [TorchFact]
    public void WeightsEndOnTheirGridTrainedOrNot()
    {
        foreach (
            string point in new[]
            {
                "integer: 2, fraction: 10",
                "integer: 3, fraction: 9, rounding: stochastic",
                "point: dynamic, bits: 10, every: 3, rounding: stochastic",
            }
        )
        foreach (string training in new[] { "", ", epochs: 2, batch: 20" })
        {
            var encoding = (LinearEncoding)Weights(point, training).Weights["fc1.weight"].Encoding;
            Assert.Equal(point.Contains("dynamic", StringComparison.Ordinal) ? 10 : 12, encoding.Bits);
            Assert.Equal(Math.Round(Math.Log2(encoding.Scales[0])), Math.Log2(encoding.Scales[0]));
        }
    }

    [TorchFact]
    public void GradientsAndValuesAreOfTheFormat()
    {
        CheckTraining(Options.Make("fixed-point", ("integer", "4"), ("fraction", "6")));
        CheckTraining(
            Options.Make("fixed-point", ("integer", "4"), ("fraction", "6"), ("numbers", "gradients, activations"))
        );
    }

    [TorchFact]
    public void WhatWasPrunedStaysZero()
    {
        const string Yaml = """
            recipe: tiny
            techniques:
              prune: {technique: weight-pruning, weights: fc1.weight, level: 0.7}
              few: {technique: fixed-point, weights: fc1.weight}
            stages:
              - {name: prune, use: prune}
              - {name: few, use: few, epochs: 2, batch: 20}
            """;
        using var stream = new MemoryStream(TinyRun.Run(TinyRun.Options(null), Yaml).Bytes);
        Encoding trained = DcntReader.Open(stream).ReadNetwork().Weights["fc1.weight"].Encoding;
        Assert.InRange(trained.NonZeros, 1, (long)(0.3 * trained.Count) + 1);
    }

    private static void CheckTraining(Technique technique)
    {
        Network network = TinyRun.Network();
        using TrainingHook hook = technique.During(
            new TechniqueContext(network, [network.Weights["fc1.weight"], network.Weights["fc2.weight"]])
            {
                Trains = true,
            }
        )!;
        using var watch = new Watch();
        new Trainer(
            new TrainingOptions { Epochs = 1, BatchSize = 20 },
            TinyRun.Train,
            Preprocessing.None,
            null,
            hook,
            watch
        ).Train(network);
        Assert.Equal(10, watch.Steps);
        Assert.NotEqual(0, watch.Largest);
    }

    [TorchFact]
    public void PointsMoveUntilFewNumbersOverflow()
    {
        var options = new FixedPointSettings(8, null, 12, false, true, true, true, 0.01, 1);
        var group = new FixedPointGroup(options);
        using var scope = new TorchScope();
        Assert.Equal(6, group.Seen(TorchTensor.From<float>((float[])[1, -0.5f], 2)).Format.Fraction);
        for (int i = 0; i < 20; i++)
            Step(100);
        Assert.Equal(0, group.Format.Fraction);
        for (int i = 0; i < 20; i++)
            Step(0.11f);
        Assert.Equal(10, group.Format.Fraction);
        Assert.Equal((12, 14), (group.Updates.Bits, group.Updates.Fraction));

        void Step(float size)
        {
            group.Seen(TorchTensor.From<float>((float[])[size, 0], 2));
            group.Move(1);
        }
    }

    [Fact]
    public void OptionsThatDoNotFitAreNamed()
    {
        Assert.Contains(
            "make 20 bits",
            Assert
                .Throws<OptionsException>(() => Options.Make("fixed-point", ("integer", "10"), ("fraction", "10")))
                .Message
        );
        Assert.Contains(
            "one of weights, activations, gradients",
            Assert.Throws<OptionsException>(() => Options.Make("fixed-point", ("numbers", "weight"))).Message
        );
        Assert.Contains(
            "'bits' has an effect only with 'point: dynamic'",
            Assert.Throws<OptionsException>(() => Options.Make("fixed-point", ("bits", "8"))).Message
        );
        Assert.Contains(
            "holds NaN at 1",
            Assert.Throws<ModelException>(() => Options.Make("fixed-point").Apply(Options.Dense(1, float.NaN))).Message
        );
    }

    private static float[] Round(FixedPointFormat format, float[] x, bool isDrawn)
    {
        using var scope = new TorchScope();
        return format.Round(TorchTensor.From<float>(x, x.Length), isDrawn).ToArray<float>();
    }

    private static Network Weights(string point, string training)
    {
        string yaml = $$"""
            recipe: tiny
            techniques:
              few: {technique: fixed-point, {{point}}, weights: "*"}
            stages:
              - {name: few, use: few{{training}}}
            """;
        using var stream = new MemoryStream(TinyRun.Run(TinyRun.Options(null), yaml).Bytes);
        return DcntReader.Open(stream).ReadNetwork();
    }

    private sealed class Watch : TrainingHook
    {
        public int Steps { get; private set; }

        public double Largest { get; private set; }

        public override void AfterBackward(TrainingStep step)
        {
            Steps++;
            foreach (string name in new[] { "fc1.weight", "fc2.weight" })
            foreach (float g in step.Network.Parameterizations[name].Parameter.Grad!.ToArray<float>())
            {
                double steps = g * 20.0 * 64;
                Assert.Equal(Math.Round(steps), steps, 1e-3);
                Largest = Math.Max(Largest, Math.Abs(g));
            }
            foreach (float v in step.Outputs.ToArray<float>())
                Assert.Equal(Math.Round(v * 64.0), v * 64.0, 1e-4);
        }
    }
}
