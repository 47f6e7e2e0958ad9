using Decant.Core;
using Decant.Techniques;
using Decant.Tests.Data;
using Decant.Tests.Runs;
using Decant.Tests.Torch;
using Decant.Torch;
using Decant.Training;
using Xunit;

namespace Decant.Tests.Techniques.Pruning;

[Collection("libtorch")]
public sealed class DynamicSurgeryTests
{
    [TorchFact]
    public void TheLevelIsMetExactlyWhenTheMaskStandsStill()
    {
        // 588 and 120 weights: 59 and 12 in each by itself, 71 of all.
        Assert.Equal([59L, 12], Left("level: 0.9"));
        Assert.Equal(71, Left("level: 0.9, scope: global").Sum());
        // Also where the last change comes before the level has risen, or is the only one.
        Assert.Equal([59L, 12], Left("level: 0.9, rise: 0.75", every: 16));
        Assert.Equal([59L, 12], Left("level: 0.9", every: 100));

        static long[] Left(string options, int every = 2) =>
            [
                .. TinyRun
                    .Run(TinyRun.Options(null), Yaml(options, every))
                    .Report.Stages[^1]
                    .Layers.Where(l => l.Encoding == "sparse")
                    .Select(l => l.NonZeros),
            ];
    }

    [TorchFact]
    public void ARunCutAnywhereEndsInTheSameBytes()
    {
        byte[] whole = TinyRun.Run(TinyRun.Options(null), Yaml("level: 0.8")).Bytes;
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(
            (Action)(
                () =>
                    TinyRun.Run(
                        TinyRun.Options(folder["run"]),
                        Yaml("level: 0.8"),
                        seen: StopAtTheSecond,
                        cancellation: stop.Token
                    )
            )
        );
        Assert.Equal(whole, TinyRun.Run(TinyRun.Options(folder["run"], resume: true), Yaml("level: 0.8")).Bytes);

        void StopAtTheSecond(Decant.Runs.RunProgress progress)
        {
            if (progress.Epoch?.Epoch == 2)
                stop.Cancel();
        }
    }

    [TorchFact]
    public void BetweenTheThresholdsAWeightStaysAsItIs()
    {
        using var scope = new TorchScope();
        // Magnitudes 1..10 and c = 0: the mean is 5.5, so below 4.95 is masked, above 6.05 comes back.
        var weight = new Weight(
            "w",
            new SparseEncoding(new Shape(2, 5), [0, 1, 2, 3, 4, 5, 6, 7, 8], [1, -2, 3, -4, 5, -5.5f, 6, -7, 8])
        );
        var context = new TechniqueContext(new Network("", [], [], [], [weight]), [weight]);
        using TrainingHook hook = Options
            .Make("dynamic-network-surgery", ("threshold", "1.2"), ("every", "1"), ("until", "1"))
            .During(context)!;
        using var parameterization = (MovingMaskParameterization)hook.Parameterize(weight)!;
        double mean = 4.15,
            deviation = Math.Sqrt((1 + 4 + 9 + 16 + 25 + 30.25 + 36 + 49 + 64) / 10.0 - mean * mean),
            t = mean + 1.2 * deviation;
        hook.BeforeStep(null!, 0, 10);
        Assert.Equal(
            new[] { 1, 2, 3, 4, 5, 5.5, 6, 7, 8, 0 }.Select(m => m >= 0.9 * t ? 1f : 0),
            parameterization.Mask.ToArray<float>()
        );
        parameterization.Parameter.RequiresGrad = false;
        parameterization.Parameter.CopyFrom<float>([
            0,
            0,
            (float)(1.11 * t),
            (float)(1.09 * t),
            0,
            0,
            0,
            (float)(0.91 * t),
            (float)(0.89 * t),
            0,
        ]);
        hook.BeforeStep(null!, 1, 10);
        Assert.Equal([0f, 0, 1, 0, 0, 0, 0, 1, 0, 0], parameterization.Mask.ToArray<float>());
    }

    [Fact]
    public void PlansSayWhatWillBeLeftAndRefuseToEmptyAWeight()
    {
        Technique surgery = Options.Make("dynamic-network-surgery", ("level", "0.75"));
        var weight = new Weight("w", Options.Dense(1, 2, 3, 4));
        Assert.EndsWith("keep 1 of 4 weights: level 0.75", surgery.Plan([weight]).Single().What);
        Assert.Contains(
            "'w' would be pruned to nothing",
            Assert
                .Throws<ModelException>(() => Options.Make("dynamic-network-surgery", ("level", "0.99")).Plan([weight]))
                .Message
        );
    }

    [Theory]
    [InlineData("needs exactly one of 'level' and 'threshold'")]
    [InlineData("needs exactly one of 'level' and 'threshold'", "level", "0.5", "threshold", "1")]
    [InlineData("'rise: 0.9' must not be above 'until: 0.5'", "level", "0.5", "rise", "0.9", "until", "0.5")]
    [InlineData("'scope: global' goes with 'level'", "threshold", "1", "scope", "global")]
    public void WrongOptionsAreRefused(string message, params string[] options)
    {
        (string, string)[] pairs = [.. options.Chunk(2).Select(o => (o[0], o[1]))];
        Assert.Contains(
            message,
            Assert.Throws<OptionsException>(() => Options.Make("dynamic-network-surgery", pairs)).Message
        );
    }

    private static string Yaml(string options, int every = 2) =>
        $$$"""
            recipe: surgery
            techniques:
              surgery: {technique: dynamic-network-surgery, {{{options}}}, every: {{{every}}}}
            stages:
              - {name: surgery, use: surgery, epochs: 4, batch: 20, learning-rate: 0.02}
            """;
}
