using Decant.Coding;
using Decant.Core;
using Decant.Tests.Runs;
using Decant.Tests.Torch;
using Xunit;

namespace Decant.Tests.Techniques.Binarization;

[Collection("libtorch")]
public sealed class BinarizationTests
{
    [TorchFact]
    public void WeightsEndInAFewBitsTrainedOrNotAndTrainOn()
    {
        foreach (string kind in new[] { "binary-weights", "binary-connect", "ternary-weights", "trained-ternary" })
        foreach (string training in new[] { "", ", epochs: 2, batch: 20" })
            Assert.Equal(
                kind.Contains("ternary", StringComparison.Ordinal) ? "ternary" : "binary",
                KindAfter(kind, training)
            );
    }

    private static string KindAfter(string kind, string training)
    {
        string yaml = $$"""
            recipe: tiny
            techniques:
              few: {technique: binarization, kind: {{kind}}, weights: fc1.weight}
            stages:
              - {name: few, use: few{{training}}}
              - {name: more, epochs: 1, batch: 20}
            """;
        using var stream = new MemoryStream(TinyRun.Run(TinyRun.Options(null), yaml).Bytes);
        return DcntReader.Open(stream).ReadNetwork().Weights["fc1.weight"].Encoding.Kind;
    }

    [Fact]
    public void WhatIsNotFiniteIsNamed() =>
        Assert.Contains(
            "weight 'w' holds NaN at 1; only finite weights can be binarized",
            Assert.Throws<ModelException>(() => Options.Make("binarization").Apply(Options.Dense(1, float.NaN))).Message
        );

    [Fact]
    public void AnOptionOfAnotherKindIsAnError() =>
        Assert.Contains(
            "'threshold' has an effect only with 'kind: trained-ternary'",
            Assert.Throws<OptionsException>(() => Options.Make("binarization", ("threshold", "0.1"))).Message
        );
}
