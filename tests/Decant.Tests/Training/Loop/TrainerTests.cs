using Decant.Core;
using Decant.Data;
using Decant.Tests.Data;
using Decant.Tests.Torch;
using Decant.Training;
using Decant.Zoo;
using Xunit;

namespace Decant.Tests.Training.Loop;

[Collection("libtorch")]
public sealed class TrainerTests
{
    [TorchFact]
    public void ASeparableSetIsLearned()
    {
        LabelledImages data = Corners(120);
        foreach (
            var (optimizer, loss) in Enum.GetValues<OptimizerKind>()
                .SelectMany(o => Enum.GetValues<LossKind>().Select(l => (o, l)))
        )
        {
            var options = new TrainingOptions
            {
                Epochs = 15,
                BatchSize = 16,
                LearningRate = 0.05,
                Optimizer = optimizer,
                Loss = loss,
            };
            Network trained = new Trainer(options, data, Preprocessing.None).Train(Small());
            using var executor = new TorchExecutor(trained);
            Assert.Equal(1, new Classification().Evaluate(trained, executor, data, Preprocessing.None)["top-1"]);
        }
    }

    [TorchFact]
    public void ACheckpointComesBackToTheBitAndGoesOnAsIfNothingHadBeen()
    {
        var options = new TrainingOptions
        {
            Epochs = 4,
            BatchSize = 16,
            LearningRate = 0.05,
            WeightDecay = 0.01,
            LabelSmoothing = 0.1,
        };
        var keeper = new Keeper();
        Network whole = new Trainer(options, Corners(60), Preprocessing.None, null, keeper).Train(Small());
        Assert.Equal(4, keeper.Kept.Count);
        using var folder = new TemporaryFolder();
        foreach (TrainingCheckpoint kept in keeper.Kept)
        {
            kept.Save(folder["c.npz"]);
            TrainingCheckpoint back = TrainingCheckpoint.Load(folder["c.npz"]);
            Assert.Equal((kept.Epochs, kept.Steps), (back.Epochs, back.Steps));
            Same(kept.Tensors, back.Tensors);
            Same(kept.Optimizer, back.Optimizer);
            Network resumed = new Trainer(options, Corners(60), Preprocessing.None).Train(Small(), back);
            foreach (Weight w in whole.Weights)
                Assert.True(
                    w.Encoding.Decode().Bytes().SequenceEqual(resumed.Weights[w.Name].Encoding.Decode().Bytes()),
                    w.Name
                );
        }

        static void Same(IReadOnlyDictionary<string, Tensor> a, IReadOnlyDictionary<string, Tensor> b)
        {
            Assert.Equal(a.Keys.Order(), b.Keys.Order());
            foreach (var (name, t) in a)
                Assert.True(
                    t.Type == b[name].Type && t.Shape == b[name].Shape && t.Bytes().SequenceEqual(b[name].Bytes()),
                    name
                );
        }
    }

    [TorchFact]
    public void TheNetworkGivenIsNotChanged()
    {
        Network network = Small();
        byte[][] before = [.. network.Weights.Select(w => w.Encoding.Decode().Bytes().ToArray())];
        new Trainer(new TrainingOptions { Epochs = 1 }, Corners(60), Preprocessing.None).Train(network);
        Assert.Equal(before, network.Weights.Select(w => w.Encoding.Decode().Bytes().ToArray()));
    }

    [TorchFact]
    public void CancellationStopsBetweenSteps()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            new Trainer(new TrainingOptions(), Corners(60), Preprocessing.None).Train(Small(), cancellation: stop.Token)
        );
    }

    [Theory]
    [InlineData(LearningRateSchedule.Constant, 0, 1)]
    [InlineData(LearningRateSchedule.Constant, 99, 1)]
    [InlineData(LearningRateSchedule.Linear, 0, 1)]
    [InlineData(LearningRateSchedule.Linear, 50, 0.5)]
    [InlineData(LearningRateSchedule.Cosine, 0, 1)]
    [InlineData(LearningRateSchedule.Cosine, 50, 0.5)]
    [InlineData(LearningRateSchedule.Cosine, 25, 0.85355339)]
    [InlineData(LearningRateSchedule.Step, 49, 1)]
    [InlineData(LearningRateSchedule.Step, 50, 0.1)]
    [InlineData(LearningRateSchedule.Step, 75, 0.01)]
    public void SchedulesAreThoseOfTheirPapers(LearningRateSchedule schedule, int step, double share)
    {
        var options = new TrainingOptions
        {
            Epochs = 10,
            LearningRate = 0.4,
            Schedule = schedule,
        };
        Assert.Equal(0.4 * share, options.LearningRateAt(step, 10), 7);
    }

    [Fact]
    public void WarmUpRisesToTheStartValueAndTheRestIsTheSchedule()
    {
        var options = new TrainingOptions
        {
            Epochs = 10,
            LearningRate = 0.4,
            Schedule = LearningRateSchedule.Linear,
            WarmUp = 2,
        };
        double[] rates = [.. Enumerable.Range(0, 100).Select(s => options.LearningRateAt(s, 10))];
        Assert.Equal(0.02, rates[0], 9);
        Assert.Equal(0.4, rates[19], 9);
        Assert.Equal(0.4, rates[20], 9);
        Assert.Equal(0.2, rates[60], 9);
        Assert.All(rates, r => Assert.InRange(r, 1e-9, 0.4));
    }

    private static Network Small() =>
        new NetworkBuilder("small", 1, new Shape(Shape.Unknown, 1, 2, 2))
            .Flatten("flat")
            .Gemm("fc1", 8)
            .Relu("relu")
            .Gemm("fc2", 4)
            .Build();

    /// <summary>Four classes: which of the four pixels is bright.</summary>
    private static LabelledImages Corners(int count)
    {
        var rng = new Rng(4);
        var pixels = new float[count * 4];
        int[] labels = [.. Enumerable.Range(0, count).Select(i => i % 4)];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (float)(0.2 * rng.NextNormal() + (i % 4 == labels[i / 4] ? 1 : 0));
        return new LabelledImages("corners", Tensor.Of(new Shape(count, 1, 2, 2), pixels), labels, 4);
    }

    private sealed class Keeper : TrainingHook
    {
        public List<TrainingCheckpoint> Kept { get; } = [];

        public override void AfterEpoch(Func<TrainingCheckpoint> state, EpochMetrics metrics) => Kept.Add(state());
    }
}
