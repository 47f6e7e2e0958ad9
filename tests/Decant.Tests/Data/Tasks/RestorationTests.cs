using Decant.Core;
using Decant.Data;
using Decant.Formats.Onnx;
using Decant.Runtime;
using Xunit;

namespace Decant.Tests.Data.Tasks;

public sealed class RestorationTests
{
    private static readonly Restoration Audio = new(new RestorationOptions { Signal = RestoredSignal.Audio });

    private static (string, Tensor Values)[] As(string name, Tensor values) => [(name, values)];

    private static double[][] Signals(Tensor values) =>
        [.. values.Array<float>().Select(v => (double)v).Chunk((int)values.Shape.CountFrom(1))];

    private static double Power(IEnumerable<double> values) => values.Average(v => v * v);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(255, 255)]
    public void MetricsOfImagesAreThoseOfEachImage(double said, double peak)
    {
        var random = Rng.For(1, "restoration");
        Tensor made = TaskFixtures.Floats(random, 9, 3, 4, 5),
            target = TaskFixtures.Floats(random, 9, 3, 4, 5);
        (double[] Made, double[] Target)[] pairs = [.. Signals(made).Zip(Signals(target))];
        var task = new Restoration(new RestorationOptions { Peak = said });
        Score score = TaskFixtures.Evaluate(task, As("y", made), As("t", target));
        Assert.Equal(["PSNR", "SNR"], score.Values.Select(v => v.Name));
        IEnumerable<double> noises = pairs.Select(p => Power(p.Made.Zip(p.Target, (a, b) => a - b)));
        Assert.Equal(noises.Average(n => 20 * Math.Log10(peak / Math.Sqrt(n))), score.Primary.Value, 9);
        Assert.Equal(noises.Zip(pairs, (n, p) => 10 * Math.Log10(Power(p.Target) / n)).Average(), score["SNR"], 9);
        TaskFixtures.InvariantOf(task, As("y", made), As("t", target), random);
    }

    [Fact]
    public void TheMetricOfSoundDoesNotKnowItsScale()
    {
        var random = Rng.For(2, "restoration");
        Tensor made = TaskFixtures.Floats(random, 7, 200),
            target = TaskFixtures.Floats(random, 7, 200);
        double[] each =
        [
            .. Signals(made)
                .Zip(Signals(target), (x, t) =>
                {
                    x = [.. x.Select(v => v - x.Average())];
                    t = [.. t.Select(v => v - t.Average())];
                    double along = x.Zip(t, (a, b) => a * b).Sum() / t.Sum(v => v * v);
                    return 10 * Math.Log10(Power(t.Select(v => along * v)) / Power(x.Zip(t, (a, b) => a - along * b)));
                }),
        ];
        Score score = TaskFixtures.Evaluate(Audio, As("y", made), As("t", target));
        Assert.Equal(["SI-SNR", "SNR"], score.Values.Select(v => v.Name));
        Assert.Equal(each.Average(), score.Primary.Value, 9);
        Tensor louder = Tensor.Of(made.Shape, Array.ConvertAll(made.Array<float>(), v => 8 * v + 2));
        Assert.Equal(
            score.Primary.Value,
            TaskFixtures.Evaluate(Audio, As("y", louder), As("t", target)).Primary.Value,
            1e-3
        );
        TaskFixtures.InvariantOf(Audio, As("y", made), As("t", target), random);
    }

    [Fact]
    public void WhatIsEqualIsExactAndWhatIsSilentOrOppositeIsNot()
    {
        Tensor target = TaskFixtures.Floats(Rng.For(3, "restoration"), 5, 50),
            silent = Tensor.Zeros(ElementType.Float32, target.Shape),
            opposite = Tensor.Of(target.Shape, Array.ConvertAll(target.Array<float>(), v => -v));
        foreach (Restoration task in new[] { Audio, new Restoration() })
            Assert.All(TaskFixtures.Evaluate(task, As("y", target), As("t", target)).Values, v =>
                Assert.Equal("exact", v.NumberOf(v.Value))
            );
        Assert.Equal(0, TaskFixtures.Evaluate(Audio, As("y", silent), As("t", target))["SNR"], 12);
        Assert.Equal(
            double.NegativeInfinity,
            TaskFixtures.Evaluate(Audio, As("y", silent), As("t", target)).Primary.Value
        );
        Assert.Equal(-20 * Math.Log10(2), TaskFixtures.Evaluate(Audio, As("y", opposite), As("t", target))["SNR"], 9);
        // An exact signal and a silent target do not count.
        float[] some = [.. opposite.Array<float>()];
        target.Span<float>()[..50].CopyTo(some);
        Tensor targets = target.Clone();
        targets.Span<float>()[50..100].Clear();
        Assert.Equal(
            -20 * Math.Log10(2),
            TaskFixtures.Evaluate(Audio, As("y", Tensor.Of(target.Shape, some)), As("t", targets))["SNR"],
            9
        );
        Assert.Contains(
            "SI-SNR needs a target that is not constant",
            Assert.Throws<DataException>(() => TaskFixtures.Evaluate(Audio, As("y", target), As("t", silent))).Message
        );
    }

    [Fact]
    public void BytesHaveAPeakOf255()
    {
        Tensor made = Tensor.Of(new Shape(1, 2), [10f, 200]);
        double Psnr(Tensor target) =>
            TaskFixtures.Evaluate(new Restoration(), As("y", made), As("t", target)).Primary.Value;
        Assert.Equal(20 * Math.Log10(255), Psnr(Tensor.Of<byte>(new Shape(1, 2), [11, 199])), 9);
        Assert.Equal(0, Psnr(Tensor.Of(new Shape(1, 2), [11f, 199])), 9);
    }

    [Fact]
    public void FramesOfASequenceAreOneSignal()
    {
        var random = Rng.For(4, "restoration");
        Tensor made = TaskFixtures.Floats(random, 6, 8),
            target = TaskFixtures.Floats(random, 6, 8);
        double Of(int frames)
        {
            var metric = new ScaleInvariantSignalToNoise(0, [0, 4]);
            for (int first = 0; first < 6; first += frames)
            {
                int[] rows = [.. Enumerable.Range(first, frames)];
                metric.Add(new ScoredBatch(frames, [Rows.Take(made, rows)], [Rows.Take(target, rows)]));
            }
            return metric.Value;
        }
        double One(int first, int end)
        {
            int[] rows = [.. Enumerable.Range(first, end - first)];
            var shape = new Shape(1, rows.Length * 8);
            return TaskFixtures
                .Evaluate(
                    Audio,
                    As("y", Rows.Take(made, rows).Reshape(shape)),
                    As("t", Rows.Take(target, rows).Reshape(shape))
                )
                .Primary.Value;
        }
        Assert.Equal((One(0, 4) + One(4, 6)) / 2, Of(1), 9);
        Assert.Equal(Of(1), Of(3), 9);
    }

    /// <summary>
    /// A streaming denoiser, states and all, is scored on noisy speech against the clean: it makes noisy speech better.
    /// </summary>
    [DataFact("models-wild/dtln/model_2.onnx", "speech")]
    public void AStreamingDenoiserIsScoredWithItsStates()
    {
        Network network = OnnxReader.Read(DataFactAttribute.PathOf("models-wild/dtln/model_2.onnx"));
        Tensor Frames(string clip)
        {
            float[] samples = WavFile.Read(DataFactAttribute.PathOf($"speech/{clip}-1.wav")).Samples[..(512 * 60)];
            return Tensor.Of(new Shape(60, 1, 512), samples);
        }
        Tensor noisy = Frames("noisy"),
            clean = Frames("speech");
        ArraySource frames = new("speech", [new(network.Inputs[0].Name, noisy)], [new("clean", clean)]);
        using InferenceSession session = new InferenceModel(network).CreateSession();
        StatefulSource source = StatefulSource.Record(
            network,
            session,
            frames,
            NetworkStates.Of(
                network,
                new Dictionary<string, string> { [network.Inputs[1].Name] = network.Outputs[1].Name },
                [network.Inputs[0].Name]
            ),
            Preprocessing.None
        );
        Score score = Audio.Evaluate(network, session, source, Preprocessing.None);
        // By hand: frame by frame, the state passed on.
        Tensor state = source.Read([0]).Inputs[1];
        var made = new List<float>();
        for (int i = 0; i < source.Count; i++)
        {
            Assert.Equal(state.Array<float>(), source.Read([i]).Inputs[1].Array<float>());
            IReadOnlyList<Tensor> outputs = session.Run([
                Rows.Take(noisy, [i]),
                state.Reshape(network.Inputs[1].Type.Shape!.Value),
            ]);
            made.AddRange(outputs[0].Array<float>());
            state = outputs[1].Clone();
        }
        var whole = new Shape(1, made.Count);
        Score byHand = TaskFixtures.Evaluate(
            Audio,
            As("y", Tensor.Of(whole, [.. made])),
            As("t", clean.Reshape(whole))
        );
        Assert.Equal(byHand.Primary.Value, score.Primary.Value, 1e-6);
        Assert.Equal(byHand["SNR"], score["SNR"], 1e-6);
        Assert.True(double.IsFinite(score.Primary.Value), $"{score}");
    }
}
