using Decant.Core;
using Decant.Reports;
using Decant.Runs;
using Decant.Techniques;
using Decant.Tests.Data;
using Decant.Tests.Runs;
using Decant.Tests.Torch;
using Xunit;

namespace Decant.Tests.Techniques.Supermask;

[Collection("libtorch")]
public sealed class LearnedSupermaskTests
{
    [Fact]
    public void SignedConstantsAreSignsTimesTheStandardDeviation()
    {
        // Of 1, -1, 3, -3 the mean is 0 and the standard deviation √5.
        Encoding made = Options.Make("supermask", ("values", "signed-constant")).Apply(Options.Dense(1, -1, 3, -3));
        float five = (float)Math.Sqrt(5);
        Assert.Equal([five, -five, five, -five], Assert.IsType<BinaryEncoding>(made).Values());
        Assert.Equal(
            [1f, -1, 1, -1],
            Options.Make("supermask", ("values", "shared")).Apply(Options.Dense(1, -1, 3, -3)).Values()
        );
    }

    [Fact]
    public void InitialValuesStayAsTheyAre()
    {
        Encoding weight = Options.Dense(1, -2, 3);
        PlannedChange change = Options.Make("supermask").Plan([new Weight("w", weight)]).Single();
        Assert.Equal("learn a mask over 3 weights, frozen at what they are", change.What);
        Assert.Same(weight, change.Encoding(new Weight("w", weight)));
    }

    [Theory]
    [InlineData("low", "1", "values", "initial", "only with 'values: shared'")]
    [InlineData("high", "1", "values", "signed-constant", "only with 'values: shared'")]
    [InlineData("low", "3", "values", "shared", "is above 'high: 2'")]
    [InlineData("values", "random", "rescale", "true", "must be one of")]
    public void OptionsThatCannotBeMeantAreRefused(string a, string x, string b, string y, string message) =>
        Assert.Contains(
            message,
            Assert.Throws<OptionsException>(() => Options.Make("supermask", (a, x), (b, y))).Message
        );

    [Fact]
    public void WhatIsMaskedAlreadyIsRefused() =>
        Assert.Contains(
            "'w' is sparse",
            Assert
                .Throws<ModelException>(() =>
                    Options.Make("supermask").Apply(new SparseEncoding(new Shape(2), [1], [1f]))
                )
                .Message
        );

    [TorchFact]
    public void TheMaskLearnsAndNothingElseChanges()
    {
        Network network = TinyRun.Network(hidden: 300);
        var (made, report) = Run(network, "values: initial");
        Assert.True(
            report.After!.Primary.Value > report.Before!.Primary.Value + 0.2,
            $"{report.Before!.Primary.Value} became {report.After!.Primary.Value}"
        );
        foreach (Weight weight in network.Weights)
        {
            float[] before = weight.Encoding.Values(),
                after = made.Weights[weight.Name].Encoding.Values();
            if (weight.Encoding.Shape.Rank < 2)
                Assert.Equal(before, after);
            else
                Assert.All(before.Zip(after), p => Assert.True(p.Second == 0 || p.Second == p.First));
        }
    }

    [TorchFact]
    public void SharedValuesEndAsOne()
    {
        Network made = Run(TinyRun.Network(hidden: 40), "values: shared, low: 0.5, high: 1").Network;
        foreach (Weight weight in made.Weights.Where(w => w.Encoding.Shape.Rank > 1))
            Assert.All(Assert.IsType<TernaryEncoding>(weight.Encoding).Values(), v =>
                Assert.Contains(v, new float[] { -1, 0, 1 })
            );
    }

    [TorchFact]
    public void ARunCutOffGoesOnToTheSameBytes()
    {
        string yaml = Yaml("values: shared, rescale: true, mask: sampled");
        byte[] whole = TinyRun.Run(TinyRun.Options(null), yaml).Bytes;
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() =>
            TinyRun.Run(TinyRun.Options(folder["run"]), yaml, cancellation: stop.Token, seen: p =>
            {
                if (p.Epoch is { Epoch: 5 })
                    stop.Cancel();
            })
        );
        Assert.Single(Directory.GetFiles(folder["run"], "checkpoint*"));
        Assert.Equal(whole, TinyRun.Run(TinyRun.Options(folder["run"], resume: true), yaml).Bytes);
    }

    private static string Yaml(string options) =>
        $$"""
            recipe: masked
            techniques:
              mask: {technique: supermask, {{options}}}
            stages:
              - {name: learn, use: mask, epochs: 30, batch: 20, learning-rate: 0.1}
            """;

    private static (Network Network, CompressionReport Report) Run(Network network, string options) =>
        new Compressor(
            Decant.Pipelines.Pipeline.Parse(Yaml(options), "masked.yaml"),
            TinyRun.Options(null) with
            {
                Test = TinyRun.Test,
            }
        ).Run(network, null);
}
