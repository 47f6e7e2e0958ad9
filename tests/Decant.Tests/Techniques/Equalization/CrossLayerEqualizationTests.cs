using Decant.Core;
using Decant.Runtime;
using Decant.Techniques;
using Decant.Tests.Torch;
using Decant.Zoo;
using Xunit;

namespace Decant.Tests.Techniques.Equalization;

public sealed class CrossLayerEqualizationTests
{
    [Fact]
    public void RangesOfAChannelBecomeEqualAndAnswersStay()
    {
        Network network = Uneven(),
            even = Apply(network);
        var rng = new Rng(4);
        Tensor x = Tensor.Of(
            new Shape(3, 2, 10, 10),
            [.. Enumerable.Range(0, 600).Select(_ => (float)rng.NextNormal())]
        );
        float[] before = Run(network, x),
            after = Run(even, x);
        for (int i = 0; i < before.Length; i++)
            Assert.Equal(before[i], after[i], 1e-4 * Math.Max(1, Math.Abs(before[i])));
        float[] made = Values(even, "conv1.weight"),
            read = Values(even, "conv2.weight"),
            into = Values(even, "fc.weight"),
            last = Values(even, "conv2.weight");
        for (int c = 0; c < 6; c++)
        {
            Assert.Equal(Largest(made, i => i / 18 == c), Largest(read, i => i / 9 % 6 == c), 1e-3);
            if (c < 4)
                Assert.Equal(Largest(last, i => i / 54 == c), Largest(into, i => i % 36 / 9 == c), 1e-3);
        }
        Assert.True(Spread(Values(network, "conv1.weight")) > 3 * Spread(made));
    }

    [TorchFact]
    public void WhatIsReadTwiceOrSummedStays()
    {
        Network network = new NetworkBuilder("n", 1, new Shape(1, 4, 6, 6)).Conv("conv1", 4, 3).Relu("relu1").Build();
        Network codes =
            Uneven() is var n && n.Weights["conv2.weight"] is var w
                ? n.With(new Dictionary<string, Encoding> { [w.Name] = Options.Make("binarization").Apply(w.Encoding) })
                : n;
        Assert.Empty(Options.Make("cross-layer-equalization").Plan(new TechniqueContext(codes, [])));
        Assert.Empty(Options.Make("cross-layer-equalization").Plan(new TechniqueContext(network, [])));
    }

    private static Network Apply(Network network) =>
        Options
            .Make("cross-layer-equalization")
            .Plan(new TechniqueContext(network, []))
            .Aggregate(network, (n, change) => change.Apply(n));

    private static Network Uneven()
    {
        Network network = new NetworkBuilder("n", 1, new Shape(Shape.Unknown, 2, 10, 10))
            .Conv("conv1", 6, 3)
            .Relu("relu1")
            .Conv("conv2", 4, 3)
            .Relu("relu2")
            .MaxPool("pool", 2, 2)
            .Flatten("flat")
            .Gemm("fc", 5)
            .Build();
        float[] w = [.. Values(network, "conv1.weight").Select((v, i) => v * (float)Math.Pow(3, i / 18 - 3))];
        Weight weight = network.Weights["conv1.weight"];
        return network.With(
            new Dictionary<string, Encoding> { [weight.Name] = new DenseEncoding(Tensor.Of(weight.Encoding.Shape, w)) }
        );
    }

    private static float[] Run(Network network, Tensor x)
    {
        using InferenceSession session = new InferenceModel(network).CreateSession();
        return session.Run([x])[0].Array<float>();
    }

    private static float[] Values(Network network, string weight) =>
        network.Weights[weight].Encoding.Decode().Array<float>();

    private static double Largest(float[] values, Func<int, bool> of) =>
        values.Where((_, i) => of(i)).Max(v => Math.Abs(v));

    private static double Spread(float[] made) =>
        Enumerable.Range(0, 6).Max(c => Largest(made, i => i / 18 == c))
        / Enumerable.Range(0, 6).Min(c => Largest(made, i => i / 18 == c));
}
