using Decant.Core;
using Decant.Runtime;
using Decant.Tests.Benchmarking;
using FsCheck.Xunit;
using Xunit;

namespace Decant.Tests.Techniques.Pruning;

public sealed class RemoveDeadTests
{
    [Property(MaxTest = 20)]
    public void NeuronsOfNoWeightAreFoldedIntoTheNextBias(ulong seed)
    {
        var rng = new Rng(seed);
        Network network = new Decant.Zoo.NetworkBuilder("dead", seed, new Shape(Shape.Unknown, 6))
            .Gemm("fc1", 9)
            .Relu("relu1")
            .Gemm("fc2", 7)
            .Relu("relu2")
            .Gemm("fc3", 3)
            .Build();
        bool[] dead = [.. Enumerable.Range(0, 9).Select(i => i > 0 && rng.Next(3) == 0)];
        float[] weights = [.. network.Weights["fc1.weight"].Encoding.Values().Select((w, i) => dead[i / 6] ? 0 : w)];
        network = network.With(
            new Dictionary<string, Encoding> { ["fc1.weight"] = new DenseEncoding(Tensor.Of(new Shape(9, 6), weights)) }
        );
        Network alive = Options.Make("remove-dead").Apply(network.On());
        Assert.Equal(9 - dead.Count(d => d), alive.Extent("fc1.weight"));
        Tensor[] inputs = SameAnswers.Inputs(network, batch: 5);
        using ReferenceExecutor before = new(network),
            after = new(alive);
        SameAnswers.Within(1e-6, before.Run(inputs), after.Run(inputs), "without dead neurons");
        Assert.Equal(dead.Contains(true), Options.Make("remove-dead").Plan(network.On()).Count > 0);
    }

    [Fact]
    public void ThePlanSaysHowManyGoAndWhy()
    {
        Network network = new Decant.Zoo.NetworkBuilder("dead", 1, new Shape(Shape.Unknown, 2))
            .Gemm("fc1", 3)
            .Relu("relu1")
            .Gemm("fc2", 2)
            .Build();
        float[] weights = network.Weights["fc1.weight"].Encoding.Values();
        network = network.With(
            new Dictionary<string, Encoding>
            {
                ["fc1.weight"] = new DenseEncoding(Tensor.Of(new Shape(3, 2), [weights[0], weights[1], 0, 0, 0, 0])),
            }
        );
        Assert.Equal(
            ["fc1: remove 2 constant channels"],
            Options.Make("remove-dead").Plan(network.On()).Select(c => $"{c.Target}: {c.What}")
        );
    }
}
