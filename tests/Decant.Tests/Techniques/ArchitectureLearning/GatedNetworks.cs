using Decant.Core;
using Decant.Runtime;
using Decant.Techniques;
using Decant.Zoo;

namespace Decant.Tests.Techniques.ArchitectureLearning;

/// <summary>Small networks with gates.</summary>
internal static class GatedNetworks
{
    /// <summary>
    /// Two convolutions, the first without activation, and two fully connected layers with a ReLU between.
    /// </summary>
    public static Network Plain(ulong seed, int hidden = 6) =>
        new NetworkBuilder("plain", seed, new Shape(Shape.Unknown, 1, 8, 8))
            .Conv("conv1", 3, 3)
            .MaxPool("pool1", 2, 2)
            .Conv("conv2", 5, 2)
            .Relu("relu2")
            .Flatten("flat")
            .Gemm("fc1", hidden)
            .Relu("relu3")
            .Gemm("fc2", 4)
            .Build();

    public static Network Gated(Network network, params (string, string)[] options) =>
        Run(network, Options.Make("architecture-learning", options));

    public static Network Settled(Network network) => Run(network, Options.Make("settle-architecture"));

    /// <summary>The network after a technique that is meant for every weight, or those named.</summary>
    public static Network Run(Network network, Technique technique, params string[] weights)
    {
        foreach (PlannedChange change in technique.Plan(Context(network, weights)))
            network = change.Apply(network);
        return network;
    }

    public static TechniqueContext Context(Network network, params string[] weights) =>
        new(
            network,
            [.. network.Weights.Where(w => weights.Length == 0 ? w.Encoding.Shape.Rank > 1 : weights.Contains(w.Name))]
        );

    /// <summary>The network with one of its weights filled anew.</summary>
    public static Network With(this Network network, string weight, params float[] values) =>
        network.With(
            new Dictionary<string, Encoding>
            {
                [weight] = new DenseEncoding(Tensor.Of(network.Weights[weight].Encoding.Shape, values)),
            }
        );

    public static Tensor Run(Network network, Tensor images)
    {
        using var executor = new ReferenceExecutor(network, 1);
        return executor.Run([images])[0];
    }

    public static Tensor Images(ulong seed, int count = 7)
    {
        var rng = new Rng(seed);
        return Tensor.Of(
            new Shape(count, 1, 8, 8),
            Enumerable.Range(0, count * 64).Select(_ => (float)rng.NextNormal()).ToArray()
        );
    }
}
