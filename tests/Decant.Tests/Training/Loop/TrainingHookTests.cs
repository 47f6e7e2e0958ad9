using Decant.Core;
using Decant.Data;
using Decant.Tests.Torch;
using Decant.Torch;
using Decant.Training;
using Decant.Zoo;
using Xunit;

namespace Decant.Tests.Training.Loop;

/// <summary>What hooks may do to a training, by hooks whose effect is known.</summary>
[Collection("libtorch")]
public sealed class TrainingHookTests
{
    private static readonly TrainingOptions Options = new()
    {
        Epochs = 3,
        BatchSize = 8,
        LearningRate = 0.05,
        Optimizer = OptimizerKind.Sgd,
        Momentum = 0,
    };

    private static readonly LabelledImages Data = Random(24);

    [TorchFact]
    public void APenaltyOnTheSquareIsWeightDecay()
    {
        Network decayed = Train(Options with { WeightDecay = 0.1 }, new Nothing());
        Network penalized = Train(Options, new Square(0.05));
        foreach (string weight in new[] { "fc1.weight", "fc2.weight" })
            Near(decayed, penalized, weight);
    }

    [TorchFact]
    public void TheWeightOfTheLabelsScalesTheirLoss()
    {
        Network slow = Train(Options with { LearningRate = 0.025 }, new Nothing());
        Network half = Train(Options, new HalfLabels());
        foreach (Weight weight in slow.Weights)
            Near(slow, half, weight.Name);
    }

    [TorchFact]
    public void TheLossThatIsReportedIsWhatIsMinimized()
    {
        double Loss(params TrainingHook[] hooks)
        {
            var seen = new Losses();
            new Trainer(
                Options with
                {
                    Epochs = 1,
                    LearningRate = 1e-9,
                },
                Data,
                Preprocessing.None,
                null,
                [.. hooks, seen]
            ).Train(Small());
            return seen.Last;
        }
        double plain = Loss();
        Assert.Equal(plain / 2, Loss(new HalfLabels()), 1e-4);
        Assert.Equal(plain + 3, Loss(new Three()), 1e-4);
    }

    [TorchFact]
    public void CallsComeInOrderAndEveryStepIsSeen()
    {
        var calls = new Calls();
        Train(Options with { Epochs = 1 }, calls);
        Assert.Equal(
            "begin "
                + string.Concat(
                    Enumerable.Range(0, 3).Select(i => $"before {i}/3 penalty {i} backward {i} after {i + 1}/3 ")
                )
                + "epoch 1 ",
            calls.Seen
        );
    }

    [TorchFact]
    public void TensorsOfAHookAreKeptInCheckpoints()
    {
        var whole = new Counter();
        Train(Options, whole);
        Assert.Equal(9f, whole.Value);
        var second = new Counter();
        new Trainer(Options, Data, Preprocessing.None, null, second).Train(Small(), whole.Kept[1]);
        Assert.Equal(9f, second.Value);
        var e = Assert.Throws<DataException>(() =>
            new Trainer(Options, Data, Preprocessing.None, null, new Counter()).Train(Small(), Plain())
        );
        Assert.Contains("'counter'", e.Message);
    }

    [TorchFact]
    public void AWeightTakesOneParameterizationOnly()
    {
        var both = new Trainer(
            Options,
            Data,
            Preprocessing.None,
            null,
            new Former("fc1.weight"),
            new Former("fc1.weight")
        );
        string message = Assert.Throws<ModelException>(() => both.Train(Small())).Message;
        Assert.Equal(
            "weight 'fc1.weight' is masked or frozen by 2 techniques of the stage: give it one of them",
            message
        );
        new Trainer(
            Options with
            {
                Epochs = 1,
            },
            Data,
            Preprocessing.None,
            null,
            new Former("fc1.weight"),
            new Former("fc2.weight")
        ).Train(Small());
    }

    [TorchFact]
    public void AHookSaysThatAWeightIsNotTrained()
    {
        var hook = new Former("fc1.weight") { Needed = "fc3.weight" };
        string message = Assert.Throws<ModelException>(() => Train(Options, hook)).Message;
        Assert.Equal("weight 'fc3.weight' is not trained; leave it out of 'weights'", message);
    }

    private static TrainingCheckpoint Plain()
    {
        var keeper = new Counter { HasState = false };
        Train(Options, keeper);
        return keeper.Kept[0];
    }

    private static Network Train(TrainingOptions options, TrainingHook hook) =>
        new Trainer(options, Data, Preprocessing.None, null, hook).Train(Small());

    private static void Near(Network a, Network b, string weight)
    {
        float[] x = a.Weights[weight].Encoding.Decode().Array<float>(),
            y = b.Weights[weight].Encoding.Decode().Array<float>();
        for (int i = 0; i < x.Length; i++)
            Assert.Equal(x[i], y[i], 1e-5f);
    }

    private static Network Small() =>
        new NetworkBuilder("small", 1, new Shape(Shape.Unknown, 1, 2, 2))
            .Flatten("flat")
            .Gemm("fc1", 6)
            .Relu("relu")
            .Gemm("fc2", 3)
            .Build();

    private static LabelledImages Random(int count)
    {
        var rng = new Rng(4);
        return new LabelledImages(
            "random",
            Tensor.Of(
                new Shape(count, 1, 2, 2),
                [.. Enumerable.Range(0, count * 4).Select(_ => (float)rng.NextNormal())]
            ),
            [.. Enumerable.Range(0, count).Select(_ => rng.Next(3))],
            3
        );
    }

    private sealed class Nothing : TrainingHook;

    private sealed class Former(string weight) : TrainingHook
    {
        public string? Needed { get; init; }

        public override WeightParameterization? Parameterize(Weight given) =>
            given.Name == weight ? WeightParameterization.For(given.Encoding) : null;

        public override void Begin(TrainingNetwork network) => EnsureTrained(network, [Needed ?? weight]);
    }

    private sealed class HalfLabels : TrainingHook
    {
        public override double LabelWeight => 0.5;
    }

    private sealed class Square(double strength) : TrainingHook
    {
        public override TorchTensor Penalty(TrainingStep step) =>
            step
                .Network.Parameterizations.Where(f => f.Value.Parameter.Rank > 1)
                .Select(f => f.Value.Parameter.Pow(2).Sum().Mul(strength))
                .Aggregate((a, b) => a.Add(b));
    }

    private sealed class Calls : TrainingHook
    {
        public string Seen { get; private set; } = "";

        public override void Begin(TrainingNetwork network) => Seen += "begin ";

        public override void BeforeStep(TrainingNetwork network, long step, long steps) =>
            Seen += $"before {step}/{steps} ";

        public override TorchTensor? Penalty(TrainingStep step)
        {
            Seen += $"penalty {step.Step} ";
            return null;
        }

        public override void AfterBackward(TrainingStep step) => Seen += $"backward {step.Step} ";

        public override void AfterStep(TrainingNetwork network, long step, long steps) =>
            Seen += $"after {step}/{steps} ";

        public override void AfterEpoch(Func<TrainingCheckpoint> state, EpochMetrics metrics) =>
            Seen += $"epoch {metrics.Epoch} ";
    }

    private sealed class Counter : TrainingHook
    {
        private readonly TorchTensor count = TorchTensor.From<float>([0f], 1).Keep();

        public bool HasState { get; init; } = true;

        public List<TrainingCheckpoint> Kept { get; } = [];

        public float Value => count.ToArray<float>()[0];

        public override IEnumerable<KeyValuePair<string, TorchTensor>> State =>
            HasState ? [KeyValuePair.Create("counter", count)] : [];

        public override void AfterStep(TrainingNetwork network, long step, long steps) => count.Add_(1);

        public override void AfterEpoch(Func<TrainingCheckpoint> state, EpochMetrics metrics) => Kept.Add(state());
    }

    private sealed class Three : TrainingHook
    {
        public override TorchTensor Penalty(TrainingStep step) => step.Outputs.Sum().Mul(0).Add(3);
    }

    private sealed class Losses : TrainingHook
    {
        public double Last { get; private set; }

        public override void AfterEpoch(Func<TrainingCheckpoint> state, EpochMetrics metrics) => Last = metrics.Loss;
    }
}
