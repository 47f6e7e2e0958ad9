using Decant.Core;
using Decant.Core.Operators;
using Decant.Tests.Benchmarking;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Techniques.ArchitectureLearning;

public sealed class SettleArchitectureTests
{
    [Property(MaxTest = 60)]
    public void WhatIsSettledComputesWhatBinaryGatesCompute(ulong seed)
    {
        var rng = new Rng(seed);
        Network gated = GatedNetworks.Gated(
            GatedNetworks.Plain(seed, hidden: 2 + rng.Next(8)),
            ("activation", rng.Next(2) == 0 ? "keep" : "relu")
        );
        foreach (Weight gate in gated.Weights.Where(w => w.Name.Contains(".tsrelu.")).ToArray())
            gated = gated.With(
                gate.Name,
                [
                    .. Enumerable
                        .Range(0, gate.Encoding.Count)
                        .Select(i => i == 0 && gate.Name.EndsWith('w') ? 1f : rng.Next(2)),
                ]
            );
        Network settled = GatedNetworks.Settled(gated);
        Tensor images = GatedNetworks.Images(seed);
        SameAnswers.Within(
            1e-5,
            [GatedNetworks.Run(gated, images)],
            [GatedNetworks.Run(settled, images)],
            $"seed {seed}"
        );
        Assert.DoesNotContain(settled.Weights, w => w.Name.Contains("tsrelu"));
        Assert.DoesNotContain(settled.Nodes, n => n.Operator is Mul or PRelu);
        Assert.Equal(
            gated.Weights["conv1.tsrelu.w"].Encoding.Decode().Array<float>().Sum(),
            settled.Weights["conv1.weight"].Encoding.Shape[0]
        );
    }

    [Fact]
    public void WidthsAndDepthsAreRoundedAtAHalf()
    {
        Network gated = GatedNetworks
            .Gated(GatedNetworks.Plain(1))
            .With("conv1.tsrelu.w", 0.5f, 0.4999f, 1)
            .With("fc1.tsrelu.d", 0.4999f);
        Network settled = GatedNetworks.Settled(gated);
        Assert.Equal(new Shape(2, 1, 3, 3), settled.Weights["conv1.weight"].Encoding.Shape);
        Assert.Contains(settled.Nodes, n => n is { Name: "relu3", Operator: Relu });
        Assert.Equal(
            ["conv1", "conv2", "fc1", "fc2"],
            settled.Nodes.Where(n => n.Operator is Conv or Gemm).Select(n => n.Name)
        );
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(30, true)]
    public void ALinearLayerBecomesOneWithTheNextWhereThatIsSmaller(int hidden, bool one)
    {
        // conv2 gives 20 numbers: 4×20 as one, hidden × (20 + 4) as two.
        Network settled = GatedNetworks.Settled(GatedNetworks.Gated(GatedNetworks.Plain(1, hidden), ("initial", "1")));
        Assert.Equal(one ? 1 : 2, settled.Nodes.Count(n => n.Operator is Gemm));
        Assert.DoesNotContain(settled.Nodes, n => n.Name == "relu3");
        Assert.Equal(new Shape(4, one ? 20 : hidden), settled.Weights["fc2.weight"].Encoding.Shape);
        Assert.Equal(!one, settled.Weights.TryGet("fc1.weight", out _));
    }

    [Fact]
    public void ALayerLearntAwayIsRefused()
    {
        Network gated = GatedNetworks.Gated(GatedNetworks.Plain(1)).With("conv1.tsrelu.w", 0.1f, 0.2f, 0.3f);
        var e = Assert.Throws<ModelException>(() => GatedNetworks.Settled(gated));
        Assert.Contains("'conv1'", e.Message);
        Assert.Contains("lambda3", e.Message);
    }
}
