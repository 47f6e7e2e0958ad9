using Decant.Core;
using Decant.Core.Operators;
using Decant.Data;
using Decant.Runtime;
using Decant.Techniques;
using Decant.Tests.Benchmarking;
using Decant.Tests.Torch;
using Xunit;

namespace Decant.Tests.Techniques.Pruning;

[Collection("libtorch")]
public sealed class LayerRemovalTests
{
    [Fact]
    public void ABlockIsReplacedByItsShortcut()
    {
        Network network = ResidualNetwork.Of(1, 5, 4, 8);
        IReadOnlyList<PlannedChange> plan = Make(("layers", "s0.1.add")).Plan(network.On());
        Assert.Equal("remove block of s0.1.conv1, s0.1.conv2: named", Assert.Single(plan).What);
        Network shallow = plan[0].Apply(network);
        Assert.DoesNotContain(shallow.Weights, w => w.Name.StartsWith("s0.1.", StringComparison.Ordinal));
        // A branch of zeros adds nothing, and the shortcut is not negative.
        Same(Zeroed(network, "s0.1.conv2"), shallow);
    }

    [Theory]
    [InlineData("s1.1.add")]
    [InlineData("s1.1.conv1")]
    [InlineData("s1.1.conv2.weight")]
    [InlineData("s1.1.*")]
    public void ABlockIsCalledByAnyNameInIt(string name) =>
        Assert.Equal("s1.1.add", Make(("layers", name)).Plan(ResidualNetwork.Of(2, 5, 4, 8).On()).Single().Target);

    [Theory]
    [InlineData("s1.0.conv1", "it makes N×5×4×4 of N×4×8×8, and no shortcut of equal shape")]
    [InlineData("nowhere", "the network has no such layer")]
    [InlineData("pool", "node 'pool' (GlobalAveragePool) is no layer with weights")]
    public void WhatCannotBeRemovedIsSaidWithWhatCan(string name, string why)
    {
        var e = Assert.Throws<ModelException>(() => Make(("layers", name)).Plan(ResidualNetwork.Of(3, 5, 4, 8).On()));
        Assert.Contains($"'{name}' cannot be removed: {why}", e.Message);
        Assert.Contains("can be: 's0.1.add', 's1.1.add'", e.Message);
    }

    [Fact]
    public void TheLayersOfLeastMagnitudeGoOverTheRoundsOfAStage()
    {
        Network network = Scaled(Scaled(ResidualNetwork.Of(4, 5, 4, 8, 16), "s1.1", 0.1f), "s0.1", 0.5f);
        Technique remove = Make(("count", "2"));
        Network once = remove.Apply(network.On(round: 1, rounds: 2));
        Assert.Equal(["s0.1.add", "s2.1.add"], Blocks(once));
        Assert.Equal(["s2.1.add"], Blocks(remove.Rounds(network, 2)));
        Assert.Empty(remove.Plan(remove.Rounds(network, 2).On(network)));
        Assert.Equal(["s2.1.add"], Blocks(Make(("level", "0.67")).Apply(network.On())));
    }

    [Fact]
    public void SingleLayersGoWithWhatFollowsThem()
    {
        Network network = new Decant.Zoo.NetworkBuilder("deep", 1, new Shape(Shape.Unknown, 6))
            .Gemm("fc1", 8)
            .Relu("relu1")
            .Gemm("fc2", 8)
            .Relu("relu2")
            .Gemm("fc3", 8)
            .Relu("relu3")
            .Gemm("fc4", 4)
            .Build();
        Network shallow = Make(("unit", "layer"), ("count", "2")).Apply(network.On());
        Assert.Equal(["fc1", "relu1", "fc4"], shallow.Nodes.Select(n => n.Name));
        Assert.Equal(["fc1.weight", "fc1.bias", "fc4.weight", "fc4.bias"], shallow.Weights.Select(w => w.Name));
        Runs(shallow);
    }

    [Fact]
    public void ANetworkThatEndsInABlockKeepsItsOutput()
    {
        Network whole = ResidualNetwork.Of(5, 5, 4);
        Node add = whole.Nodes.Single(n => n.Name == "s0.1.add");
        Network network = new(
            "ends",
            whole.Inputs,
            [new ValueInfo("s0.1.add", new TensorType(ElementType.Float32, new Shape(Shape.Unknown, 4, 8, 8)))],
            [.. whole.Nodes.TakeWhile(n => n != add), add],
            whole.Weights
        );
        Network shallow = Make(("count", "1")).Apply(network.On());
        Assert.Equal("s0.1.add", shallow.Outputs.Single().Name);
        Same(Zeroed(network, "s0.1.conv2"), shallow);
    }

    [Fact]
    public void AValueThatIsReadOutsideKeepsItsBlock()
    {
        Network whole = ResidualNetwork.Of(6, 5, 4);
        Network network = new(
            "read",
            whole.Inputs,
            [
                .. whole.Outputs,
                new ValueInfo("s0.1.relu1", new TensorType(ElementType.Float32, new Shape(Shape.Unknown, 5, 8, 8))),
            ],
            whole.Nodes,
            whole.Weights
        );
        Assert.Contains(
            "no residual block",
            Assert.Throws<ModelException>(() => Make(("count", "1")).Plan(network.On())).Message
        );
    }

    [Theory]
    [InlineData("'count: 9' is more than the 2 blocks", "count", "9")]
    [InlineData("exactly one of 'level'")]
    [InlineData("exactly one of 'level'", "count", "1", "layers", "a")]
    public void WrongOptionsAreRefused(string message, params string[] options) =>
        Assert.Contains(
            message,
            Assert
                .ThrowsAny<DecantException>(() =>
                    Make([.. options.Chunk(2).Select(o => (o[0], o[1]))]).Plan(ResidualNetwork.Of(7, 5, 4, 8).On())
                )
                .Message
        );

    [TorchFact]
    public void TheBlockThatChangesNothingGoesFirst()
    {
        Network network = Zeroed(ResidualNetwork.Of(8, 5, 4, 8, 16), "s1.1.conv2");
        float[] pixels = SameAnswers.Inputs(network, 20)[0].Array<float>();
        var data = new LabelledImages(
            "noise",
            Tensor.Of(new Shape(20, 3, 8, 8), pixels),
            [.. Enumerable.Range(0, 20).Select(i => i % 4)],
            4
        );
        foreach (string criterion in new[] { "similarity", "change", "taylor" })
        {
            PlannedChange change = Make(("count", "1"), ("criterion", criterion), ("samples", "16"))
                .Plan(network.On() with { Data = data })
                .Single();
            Assert.Equal("s1.1.add", change.Target);
            Assert.Contains(
                $"'{criterion}' needs",
                Assert
                    .Throws<DataException>(() => Make(("count", "1"), ("criterion", criterion)).Plan(network.On()))
                    .Message
            );
        }
    }

    [TorchFact]
    public void ChangesAreThoseOfTheValues()
    {
        // What goes in is the image, positive; what is added is the image scaled by 3 on the centre tap.
        Network network = OneBlock(3);
        var data = new LabelledImages(
            "ones",
            Tensor.Of(new Shape(2, 1, 8, 8), Enumerable.Repeat(1f, 128).ToArray()),
            [0, 1],
            2
        );
        Assert.Equal(
            "remove block of conv: change 3",
            Make(("count", "1"), ("criterion", "change")).Plan(network.On() with { Data = data }).Single().What
        );
        Assert.Equal(
            "remove block of conv: similarity 0",
            Make(("count", "1"), ("criterion", "similarity")).Plan(network.On() with { Data = data }).Single().What
        );
        Assert.Equal(
            "remove block of conv: similarity 2",
            Make(("count", "1"), ("criterion", "similarity")).Plan(OneBlock(-3).On() with { Data = data }).Single().What
        );
    }

    /// <summary>x + c·x, averaged, for two classes.</summary>
    private static Network OneBlock(float factor) =>
        new(
            "block",
            [new ValueInfo("x", new TensorType(ElementType.Float32, new Shape(Shape.Unknown, 1, 8, 8)))],
            [new ValueInfo("y", new TensorType(ElementType.Float32, new Shape(Shape.Unknown, 2)))],
            [
                new Node("conv", new Conv(Attributes.None), ["x", "c"], ["z"]),
                new Node("add", new Add(Attributes.None), ["x", "z"], ["s"]),
                new Node("pool", new GlobalAveragePool(Attributes.None), ["s"], ["p"]),
                new Node("flat", new Flatten(Attributes.None), ["p"], ["f"]),
                new Node("fc", new Gemm(Attributes.None), ["f", "w"], ["y"]),
            ],
            [
                new Weight("c", Tensor.Of(new Shape(1, 1, 1, 1), [factor])),
                new Weight("w", Tensor.Of(new Shape(1, 2), [1f, -1f])),
            ]
        );

    private static Technique Make(params (string, string)[] options) => Options.Make("layer-removal", options);

    private static IEnumerable<string> Blocks(Network network) =>
        network.Nodes.Where(n => n.Name.EndsWith(".1.add", StringComparison.Ordinal)).Select(n => n.Name);

    private static Network Zeroed(Network network, string layer) => Scaled(network, layer, 0);

    private static Network Scaled(Network network, string layers, float factor) =>
        network.With(
            network
                .Weights.Where(w => w.IsTrainable && w.Name.StartsWith(layers, StringComparison.Ordinal))
                .ToDictionary(
                    w => w.Name,
                    w =>
                        (Encoding)
                            new DenseEncoding(
                                Tensor.Of(w.Encoding.Shape, Array.ConvertAll(w.Encoding.Values(), v => v * factor))
                            )
                )
        );

    private static void Same(Network expected, Network actual)
    {
        Tensor[] inputs = SameAnswers.Inputs(expected, batch: 3);
        using ReferenceExecutor one = new(expected),
            other = new(actual);
        SameAnswers.Within(1e-6, one.Run(inputs), other.Run(inputs), "without the block");
    }

    private static void Runs(Network network)
    {
        using var executor = new ReferenceExecutor(network);
        Assert.NotEmpty(executor.Run(SameAnswers.Inputs(network, 2)));
    }
}
