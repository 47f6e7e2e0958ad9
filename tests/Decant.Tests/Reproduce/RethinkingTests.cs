using Decant.Core;
using Decant.Reports;
using Decant.Reproduce;
using Decant.Tests.Torch;
using Decant.Zoo;
using Xunit;

namespace Decant.Tests.Reproduce;

[Collection("libtorch")]
public sealed class RethinkingTests
{
    [TorchFact]
    public void TheShortFormRunsAndGoesOnFromWhatIsThere()
    {
        IReadOnlyList<ResultRow> rows = ShortRun.RunTwice("rethinking", 300);
        Assert.Equal(
            ["unpruned", "fine-tuned", "Scratch-E", "Scratch-B"],
            rows.Take(4).Select(r => r.Name.Split(" (")[0].Split(' ')[^1])
        );
        Assert.All(rows.Take(4), r => Assert.InRange(r.Measured, 5, 100));
        Assert.Contains(rows, r => r is { Name: "paper, CIFAR-10, ResNet-56-B: Scratch-B", Measured: 93.05 });
    }

    [Fact]
    public void FreshWeightsKeepTheArchitectureAndDependOnTheSeed()
    {
        Network network = Architectures.Create("lenet-5", 1),
            fresh = FreshWeights.Of(network, 5);
        foreach (Weight weight in network.Weights)
        {
            float[] before = weight.Encoding.Decode().Array<float>(),
                after = fresh.Weights[weight.Name].Encoding.Decode().Array<float>();
            Assert.Equal(before.Length, after.Length);
            Assert.True(before.Zip(after).Count(p => p.First == p.Second) <= before.Length / 100, weight.Name);
            Assert.InRange(after.Max(), 0.5 * before.Max(), 2 * before.Max());
        }
        Assert.Equal(
            FreshWeights.Of(network, 5).Weights[0].Encoding.Decode().Array<float>(),
            fresh.Weights[0].Encoding.Decode().Array<float>()
        );
        Assert.NotEqual(
            FreshWeights.Of(network, 6).Weights[0].Encoding.Decode().Array<float>(),
            fresh.Weights[0].Encoding.Decode().Array<float>()
        );
    }
}
