using Decant.Core;
using Decant.Techniques;
using Decant.Techniques.Pruning;
using Decant.Techniques.Pruning.Gradual;
using Decant.Tests.Runs;
using Decant.Tests.Torch;
using Decant.Torch;
using Decant.Training;
using Xunit;

namespace Decant.Tests.Techniques.Pruning.Gradual;

[Collection("libtorch")]
public sealed class GradualPruningTests
{
    private static readonly TrainingOptions Training = new()
    {
        Epochs = 4,
        BatchSize = 20,
        LearningRate = 0.05,
        Optimizer = OptimizerKind.Sgd,
        WeightDecay = 0.001,
    };
    private const int Steps = 40;

    [Fact]
    public void LevelsAreThoseOfTheCubicFormula()
    {
        var options = new GradualPruningOptions
        {
            Level = 0.9,
            InitialLevel = 0.1,
            Begin = 0.25,
            End = 0.75,
            Every = 8,
        };
        double?[] due = [.. Enumerable.Range(0, Steps + 1).Select(k => options.Due(k, Steps))];
        Assert.Equal([10, 18, 26, 30], Enumerable.Range(0, Steps + 1).Where(k => due[k] is not null));
        foreach (int k in new[] { 10, 18, 26, 30 })
            Assert.Equal(0.9 + (0.1 - 0.9) * Math.Pow(1 - (k - 10) / 20.0, 3), due[k]!.Value, 12);
        Assert.Equal(0.1, due[10]!.Value, 12);
        Assert.Equal(0.9, due[30]);
        Assert.Equal(
            0.9,
            new GradualPruningOptions
            {
                Level = 0.9,
                InitialLevel = 0.1,
                Begin = 1,
                End = 1,
                Every = 8,
            }.Due(Steps, Steps)
        );
        Assert.Equal(
            0.9,
            new GradualPruningOptions
            {
                Level = 0.9,
                InitialLevel = 0.1,
                Begin = 0,
                End = 0,
                Every = 8,
            }.Due(0, Steps)
        );
    }

    [TorchFact]
    public void EveryStepHasTheLevelOfTheFormulaAndWhatIsPrunedStaysPruned()
    {
        foreach (string scope in new[] { "layer", "global" })
        {
            Technique technique = Make(("level", "0.9"), ("initial-level", "0.2"), ("every", "3"), ("scope", scope));
            var seen = new Watcher();
            Network trained = Train(technique, null, seen);
            var options = new GradualPruningOptions
            {
                Level = 0.9,
                InitialLevel = 0.2,
                Begin = 0,
                End = 0.75,
                Every = 3,
            };
            double level = options.Due(0, Steps)!.Value;
            for (int k = 1; k <= Steps; k++)
            {
                level = options.Due(k, Steps) ?? level;
                float[][] now = seen.Weights[k - 1];
                if (scope == "global")
                    Assert.Equal((int)Math.Round(708 * (1 - level)), now.Sum(Count));
                else
                    Assert.Equal(
                        [(int)Math.Round(588 * (1 - level)), (int)Math.Round(120 * (1 - level))],
                        now.Select(Count)
                    );
                if (k > 1)
                    Assert.All(now.Zip(seen.Weights[k - 2]), p =>
                        Assert.All(p.First.Zip(p.Second), n => Assert.True(n.Second != 0 || n.First == 0))
                    );
            }
            Assert.Equal(
                seen.Weights[^1],
                Names.Select(n => Assert.IsType<SparseEncoding>(trained.Weights[n].Encoding).Decode().Array<float>())
            );
        }
    }

    [TorchFact]
    public void WhatIsPrunedIsWhatIsSmallest()
    {
        // All at once before the first step, and no step that moves anything.
        Network trained = Train(Make(("level", "0.7"), ("end", "0"), ("scope", "global")), null, still: true);
        float[] before = [.. Names.SelectMany(n => TinyRun.Network().Weights[n].Encoding.Decode().Array<float>())];
        float threshold = before.Select(Math.Abs).OrderDescending().ElementAt((int)Math.Round(708 * 0.3) - 1);
        float[] after = [.. Names.SelectMany(n => trained.Weights[n].Encoding.Decode().Array<float>())];
        Assert.Equal(before.Select(b => Math.Abs(b) >= threshold), after.Select(a => a != 0));
    }

    [TorchFact]
    public void ASparseWeightGoesOnFromWhatItHas()
    {
        var sparse = new SparseEncoding(
            new Shape(10, 12),
            [.. Enumerable.Range(0, 40)],
            [.. Enumerable.Range(0, 40).Select(i => 0.01f * (i + 1))]
        );
        Network network = TinyRun.Network().With(new Dictionary<string, Encoding> { ["fc2.weight"] = sparse });
        int[] Positions(string level) =>
            (
                (SparseEncoding)
                    new Trainer(
                        Training,
                        TinyRun.Train,
                        Preprocessings.Default,
                        null,
                        [Make(("level", level)).During(new TechniqueContext(network, [network.Weights["fc2.weight"]]))!]
                    )
                        .Train(network)
                        .Weights["fc2.weight"]
                        .Encoding
            ).Positions.ToArray();
        Assert.Equal(Enumerable.Range(0, 40), Positions("0.5"));
        int[] fewer = Positions("0.8");
        Assert.Equal(24, fewer.Length);
        Assert.All(fewer, p => Assert.InRange(p, 0, 39));
    }

    [TorchFact]
    public void AWeightPrunedToNothingIsNamed()
    {
        Assert.Contains(
            "'w' would be pruned to nothing",
            Assert
                .Throws<ModelException>(() => Make(("level", "0.9")).Plan([new Weight("w", Options.Dense(1, 2, 3))]))
                .Message
        );
        Network network = TinyRun.Network();
        network = network.With(
            new Dictionary<string, Encoding>
            {
                ["fc2.weight"] = new DenseEncoding(Tensor.Of(new Shape(10, 12), new float[120])),
            }
        );
        var e = Assert.Throws<ModelException>(() =>
            Train(Make(("level", "0.9"), ("end", "0"), ("scope", "global")), network)
        );
        Assert.Matches("'fc2.weight' would be pruned to nothing.*'scope: layer'", e.Message);
    }

    [TorchFact]
    public void TwoMasksOnOneWeightAreRefused()
    {
        Network network = TinyRun.Network();
        var context = new TechniqueContext(network, [network.Weights["fc1.weight"]]);
        TrainingHook[] hooks = [Make(("level", "0.5")).During(context)!, Make(("level", "0.6")).During(context)!];
        Assert.Contains(
            "'fc1.weight'",
            Assert
                .Throws<ModelException>(() =>
                    new Trainer(Training, TinyRun.Train, Preprocessings.Default, null, hooks).Train(network)
                )
                .Message
        );
    }

    private static readonly string[] Names = ["fc1.weight", "fc2.weight"];

    private static int Count(float[] weight) => weight.Count(w => w != 0);

    private static Technique Make(params (string, string)[] options) => Options.Make("gradual-pruning", options);

    private static Network Train(
        Technique technique,
        Network? network = null,
        TrainingHook? more = null,
        bool still = false
    )
    {
        using TorchRun run = TorchRun.Begin(new TorchSettings { Threads = 1 });
        network ??= TinyRun.Network();
        TrainingHook[] hooks =
        [
            technique.During(new TechniqueContext(network, [.. Names.Select(n => network.Weights[n])]))!,
            .. more is null ? Array.Empty<TrainingHook>() : [more],
        ];
        return new Trainer(
            still ? Training with { Epochs = 1, LearningRate = 1e-12 } : Training,
            TinyRun.Train,
            Preprocessings.Default,
            null,
            hooks
        ).Train(network);
    }

    /// <summary>What the network would compute with after each step.</summary>
    private sealed class Watcher : TrainingHook
    {
        public List<float[][]> Weights { get; } = [];

        public override void AfterStep(TrainingNetwork network, long step, long steps) =>
            Weights.Add([.. Names.Select(n => network.Parameterizations[n].Evaluated().ToArray<float>())]);
    }
}
