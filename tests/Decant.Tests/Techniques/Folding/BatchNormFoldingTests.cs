using System.Collections.Immutable;
using Decant.Core;
using Decant.Core.Operators;
using Decant.Runtime;
using Decant.Techniques;
using Decant.Tests.Benchmarking;
using Decant.Zoo;
using Xunit;

namespace Decant.Tests.Techniques.Folding;

public sealed class BatchNormFoldingTests
{
    [Fact]
    public void AFoldedNetworkComputesTheSame()
    {
        Network network = Stirred(
            new NetworkBuilder("n", 3, new Shape(Shape.Unknown, 3, 8, 8))
                .PaddedConv("c1", 8, 3)
                .BatchNorm("b1")
                .Relu("r1")
                .PaddedConv("c2", 6, 3)
                .BatchNorm("b2")
                .Flatten("flat")
                .Gemm("fc", 5)
                .Build()
        );
        IReadOnlyList<PlannedChange> plan = Options.Make("fold-batch-norm").Plan(new TechniqueContext(network, []));
        Assert.Equal(["fold into c1", "fold into c2"], plan.Select(c => c.What));
        Network folded = plan.Aggregate(network, (n, change) => change.Apply(n));
        Assert.DoesNotContain(folded.Nodes, n => n.Operator is BatchNormalization);
        Assert.DoesNotContain(folded.Weights, w => w.Name.StartsWith("b1.", StringComparison.Ordinal));
        Tensor[] images = SameAnswers.Inputs(network, 2);
        SameAnswers.Within(
            1e-5,
            new ReferenceExecutor(network, 1).Run(images),
            new ReferenceExecutor(folded, 1).Run(images),
            "folded"
        );
    }

    [Fact]
    public void ANormalizationThatOthersReadPastStays()
    {
        var builder = new NetworkBuilder("n", 3, new Shape(Shape.Unknown, 3, 8, 8)).PaddedConv("c1", 8, 3);
        LayerValue before = builder.Last;
        Network network = builder.BatchNorm("b1").Add("sum", before).Build();
        Assert.Empty(Options.Make("fold-batch-norm").Plan(new TechniqueContext(network, [])));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void ATransposedConvolutionTakesItsNormalizationWhereOutputsLieAlongOneAxis(int group, bool folds)
    {
        var rng = new Rng(2);
        Weight Random(string name, params int[] dims) =>
            new(
                name,
                Tensor.Of(
                    new Shape(dims),
                    [.. Enumerable.Range(0, (int)new Shape(dims).Count).Select(_ => (float)rng.NextDouble(0.5, 2))]
                )
            );
        var network = new Network(
            "n",
            [new ValueInfo("x", new TensorType(ElementType.Float32, new Shape(2, 4, 5, 5)))],
            [new ValueInfo("y", new TensorType(ElementType.Float32, null))],
            [
                new Node("up", new ConvTranspose(new Attributes(("group", (long)group))), ["x", "w", "b"], ["up"]),
                new Node(
                    "norm",
                    new BatchNormalization(Attributes.None),
                    ["up", "scale", "shift", "mean", "variance"],
                    ["y"]
                ),
            ],
            [
                Random("w", 4, 6 / group, 3, 3),
                .. new[] { "b", "scale", "shift", "mean", "variance" }.Select(name => Random(name, 6)),
            ],
            ImmutableSortedDictionary<string, string>.Empty
        );
        IReadOnlyList<PlannedChange> plan = Options.Make("fold-batch-norm").Plan(new TechniqueContext(network, []));
        Assert.Equal(folds ? ["fold into up"] : [], plan.Select(c => c.What));
        Network folded = plan.Aggregate(network, (n, change) => change.Apply(n));
        Tensor[] inputs = SameAnswers.Inputs(network, 2);
        SameAnswers.Within(
            1e-5,
            new ReferenceExecutor(network, 1).Run(inputs),
            new ReferenceExecutor(folded, 1).Run(inputs),
            "folded"
        );
    }

    private static Network Stirred(Network network)
    {
        var rng = new Rng(1);
        return network.With(
            network
                .Weights.Where(w => w.Name[0] == 'b')
                .ToDictionary(
                    w => w.Name,
                    Encoding (w) =>
                        new DenseEncoding(
                            Tensor.Of(
                                w.Encoding.Shape,
                                [.. Enumerable.Range(0, w.Encoding.Count).Select(_ => (float)rng.NextDouble(0.5, 2))]
                            )
                        )
                )
        );
    }
}
