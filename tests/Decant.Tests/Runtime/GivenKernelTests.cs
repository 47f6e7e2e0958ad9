using System.Collections.Immutable;
using Decant.Core;
using Decant.Runtime;
using Decant.Tests.Operators;
using Decant.Tests.Runtime.Planning;
using Decant.Zoo;
using Xunit;

namespace Decant.Tests.Runtime;

/// <summary>Kernels that a model is given run in place of the runtime's own, whatever is beside them.</summary>
public sealed class GivenKernelTests
{
    private static readonly Network Residual = Images();

    private static readonly Tensor Fed = Tensor.Of(
        new Shape(2, 3, 6, 6),
        [.. Enumerable.Range(0, 2 * 3 * 6 * 6).Select(i => i * 7 % 23 / 23f - 0.5f)]
    );

    private static Network Images()
    {
        var builder = new NetworkBuilder("residual", 3, new Shape(2, 3, 6, 6));
        LayerValue first = builder.PaddedConv("conv1", 4, 3).BatchNorm("norm1").Relu("relu1").Last;
        return builder
            .PaddedConv("conv2", 4, 3)
            .BatchNorm("norm2")
            .Add("sum", first)
            .Relu("relu2")
            .MaxPool("pool", 2, 2)
            .Flatten("flat")
            .Gemm("fc", 5)
            .Build();
    }

    [Fact]
    public void AnyNodeOfFusedLayersMayBeTaken() => AnyNodeMayBeTaken(Residual, [Fed]);

    [Fact]
    public void AnyNodeOfARandomNetworkMayBeTaken()
    {
        for (ulong seed = 1; seed <= 20; seed++)
            CheckRandomNetwork(seed);
    }

    private static void CheckRandomNetwork(ulong seed)
    {
        Network network = RandomNetwork.Of(seed);
        var rng = new Rng(seed);
        AnyNodeMayBeTaken(
            network,
            [
                .. network.Inputs.Select(i =>
                    OneNode.Random(rng, [.. i.Type.Shape!.Value.Dims.Select(d => d < 0 ? 2 : d)])
                ),
            ]
        );
    }

    /// <summary>Takes each node in turn and compares with the plain executor.</summary>
    /// <param name="network">The network.</param>
    /// <param name="fed">What it is fed.</param>
    /// <param name="tolerance">The greatest difference, as a share of the largest result.</param>
    internal static void AnyNodeMayBeTaken(Network network, IReadOnlyList<Tensor> fed, double tolerance = 1e-4)
    {
        using var reference = new ReferenceExecutor(network);
        IReadOnlyList<Tensor> expected = reference.Run(fed);
        int runs = 0;
        foreach (Node node in network.Nodes)
        {
            var kernel = new PlainKernel(node);
            var options = new InferenceOptions { Kernels = [kernel] };
            using InferenceSession session = new InferenceModel(
                network,
                options,
                VectorWidths.Best,
                byteDotProducts: true
            ).CreateSession();
            IReadOnlyList<Tensor> made = session.Run(fed);
            for (int o = 0; o < expected.Count; o++)
                AssertClose(expected[o], made[o], tolerance, node);
            Assert.Equal(kernel.Runs, session.Layers.Count(l => l.Kernel == "plain"));
            runs += kernel.Runs;
        }
        // Nodes of constants alone are computed when the plan is made.
        Assert.InRange(runs, network.Nodes.Length / 2, network.Nodes.Length);
    }

    private static void AssertClose(Tensor expected, Tensor made, double tolerance, Node taken)
    {
        Assert.Equal(expected.Shape, made.Shape);
        float[] e = expected.Array<float>(),
            m = made.Array<float>();
        double most = tolerance * Math.Max(1, e.Where(float.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max());
        for (int i = 0; i < e.Length; i++)
            Assert.True(
                e[i].Equals(m[i]) || Math.Abs(e[i] - m[i]) <= most,
                $"with {taken} taken, element {i} is {m[i]}, not {e[i]}"
            );
    }

    [Fact]
    public void AnyOperatorMayBeTaken()
    {
        int taken = 0;
        foreach (OperatorSeed seed in OperatorSeeds.All)
        {
            var (network, fed) = SweepCase.Of(seed).First().Build(Placement.Fed);
            var kernel = new PlainKernel(network.Nodes[^1]);
            using InferenceSession session = Session(network, kernel);
            IReadOnlyList<Tensor> made = session.Run(fed),
                expected = new ReferenceExecutor(network).Run(fed);
            taken += kernel.Runs;
            Assert.All(expected.Zip(made), p => Assert.Equal(p.First.Bytes(), p.Second.Bytes()));
        }
        Assert.InRange(taken, OperatorSeeds.All.Count() / 2, int.MaxValue);
    }

    [Fact]
    public void ReadersOfImagesThatAreJoinedInPlaceReadWhatTheKernelMakes()
    {
        var builder = new NetworkBuilder("joined", 3, new Shape(2, 3, 6, 6));
        LayerValue image = builder.Last,
            first = builder.PaddedConv("conv1", 4, 3).Last;
        Network network = builder
            .From(image)
            .PaddedConv("conv2", 4, 3)
            .ConcatAfter("join", first)
            .MaxPool("pool", 2, 2)
            .Build();
        float[] ones = [.. Enumerable.Repeat(1f, 2 * 8 * 6 * 6)];
        var kernel = new PlainKernel(network.Nodes[2]) { Makes = [Tensor.Of(new Shape(2, 8, 6, 6), ones)] };
        using InferenceSession session = Session(network, kernel);
        Assert.All(session.Run([Fed])[0].Array<float>(), y => Assert.Equal(1, y));
    }

    [Fact]
    public void WhatDoesNotFitTheOperatorIsNamed()
    {
        Node relu = Residual.Nodes.Single(n => n.Name == "relu2");
        using InferenceSession session = Session(Residual, new PlainKernel(relu) { Makes = [Tensor.Scalar(1f)] });
        Assert.Equal(
            "node 'relu2' (Relu): kernel 'plain' made Float32 scalar of output 'relu2', which is Float32 2×4×6×6",
            Assert.Throws<ModelException>(() => session.Run([Fed])).Message
        );
        using InferenceSession none = Session(Residual, new PlainKernel(relu) { Makes = [] });
        Assert.Contains("made nothing of output", Assert.Throws<ModelException>(() => none.Run([Fed])).Message);
    }

    private static InferenceSession Session(Network network, IOperatorKernel kernel) =>
        new InferenceModel(network, new InferenceOptions { Kernels = [kernel] }).CreateSession();

    /// <summary>Computes one node by the plain executor.</summary>
    private sealed class PlainKernel(Node taken) : IOperatorKernel
    {
        public int Runs { get; private set; }

        public Tensor[]? Makes { get; init; }

        public string Name => "plain";

        public string OperatorType => taken.Operator.Type;

        public bool CanRun(Node node, ImmutableArray<TensorType?> inputs) => node == taken;

        public Tensor[] Run(Node node, IReadOnlyList<Tensor?> inputs, CancellationToken cancellation)
        {
            Runs++;
            if (Makes is not null)
                return Makes;
            var names = node.Inputs.Zip(inputs).Where(p => p.Second is not null).DistinctBy(p => p.First).ToArray();
            var network = new Network(
                "one",
                [.. names.Select(p => new ValueInfo(p.First, new TensorType(p.Second!.Type, p.Second.Shape)))],
                [.. node.Outputs.Select(o => new ValueInfo(o, new TensorType(ElementType.Unknown, null)))],
                [node],
                []
            );
            using var executor = new ReferenceExecutor(network);
            return [.. executor.Run([.. names.Select(p => p.Second!)], cancellation)];
        }
    }
}
