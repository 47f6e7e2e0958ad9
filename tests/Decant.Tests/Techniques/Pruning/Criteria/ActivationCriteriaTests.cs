using Decant.Core;
using Decant.Core.Operators;
using Decant.Data;
using Decant.Techniques;
using Decant.Techniques.Pruning;
using Decant.Tests.Torch;
using Xunit;

namespace Decant.Tests.Techniques.Pruning.Criteria;

[Collection("libtorch")]
public sealed class ActivationCriteriaTests
{
    // y = relu(w·x), x = 1, -2, 3, 4: neuron 0 gives 1 0 3 4, neuron 1 gives 0 4 0 0, neuron 2 gives 2 0 6 8.
    private static readonly Network Three = new(
        "three",
        [new ValueInfo("x", new TensorType(ElementType.Float32, new Core.Shape(Core.Shape.Unknown, 1)))],
        [new ValueInfo("y", new TensorType(ElementType.Float32, new Core.Shape(Core.Shape.Unknown, 3)))],
        [
            new Node("fc", new Gemm(new Attributes(("transB", 1L))), ["x", "w"], ["z"]),
            new Node("relu", new Relu(Attributes.None), ["z"], ["y"]),
        ],
        [new Weight("w", Tensor.Of(new Core.Shape(3, 1), [1f, -2, 2]))]
    );

    private static readonly LabelledImages Data = new(
        "four",
        Tensor.Of(new Core.Shape(4, 1), [1f, -2, 3, 4]),
        [0, 1, 2, 0],
        3
    );

    [TorchFact]
    public void NeuronsAreRankedByHowOftenTheyAreNotZero() =>
        Assert.Equal([0.75, 0.25, 0.75], Scores("apoz"), (a, b) => Math.Abs(a - b) < 1e-6);

    [TorchFact]
    public void NeuronsAreRankedByTheirMeanMagnitude() =>
        Assert.Equal([2, 1, 4], Scores("mean-activation"), (a, b) => Math.Abs(a - b) < 1e-6);

    [TorchFact]
    public void RowsOfAWeightAreTheNeuronsOfItsLayer()
    {
        Technique technique = Options.Make(
            "weight-pruning",
            ("criterion", "apoz"),
            ("granularity", "row"),
            ("level", "0.34")
        );
        Assert.True(technique.NeedsData);
        PlannedChange change = technique.Plan(new TechniqueContext(Three, Three.Weights) { Data = Data }).Single();
        Assert.Equal("keep 2 of 3 rows (66.67 %) by apoz: level 0.34", change.What);
        Assert.Equal([1f, 0, 2], change.Apply(Three).Weights["w"].Encoding.Values());
    }

    [Theory]
    [InlineData("apoz")]
    [InlineData("mean-activation")]
    [InlineData("bn-scale")]
    public void SingleWeightsAreRefusedWithTheWayOut(string criterion)
    {
        Technique technique = Options.Make("weight-pruning", ("criterion", criterion), ("level", "0.5"));
        Assert.Contains(
            "use 'granularity: row'",
            Assert
                .Throws<ModelException>(() =>
                    technique.Plan(new TechniqueContext(Three, Three.Weights) { Data = Data })
                )
                .Message
        );
    }

    [Fact]
    public void ChannelsAreRankedByTheScaleOfTheirNormalization()
    {
        Network network = Normalized();
        PlannedChange change = Options
            .Make("weight-pruning", ("criterion", "bn-scale"), ("granularity", "row"), ("level", "0.5"))
            .Plan(new TechniqueContext(network, [network.Weights["w"]]))
            .Single();
        Assert.Equal([0f, 0, 3, 4], change.Apply(network).Weights["w"].Encoding.Values());
        PruningUnit outside = new("outside", [], [new ValueRegion("y", 1, [0])]);
        Assert.Contains(
            "no batch normalization scales 'outside'",
            Assert
                .Throws<ModelException>(() =>
                    Of.Criterion("bn-scale").Score(new TechniqueContext(network, []), [outside])
                )
                .Message
        );
    }

    private static double[] Scores(string criterion)
    {
        PruningUnit[] units =
        [
            .. Enumerable
                .Range(0, 3)
                .Select(i => new PruningUnit($"{i}", [], [new ValueRegion("z", 1, [i]), new ValueRegion("y", 1, [i])])),
        ];
        return Of.Criterion(criterion).Score(new TechniqueContext(Three, []) { Data = Data }, units);
    }

    private static Network Normalized() =>
        new(
            "bn",
            [new ValueInfo("x", new TensorType(ElementType.Float32, new Core.Shape(Core.Shape.Unknown, 2)))],
            [new ValueInfo("y", new TensorType(ElementType.Float32, new Core.Shape(Core.Shape.Unknown, 2)))],
            [
                new Node("fc", new Gemm(new Attributes(("transB", 1L))), ["x", "w"], ["z"]),
                new Node("bn", new BatchNormalization(Attributes.None), ["z", "scale", "shift", "mean", "var"], ["y"]),
            ],
            [
                new Weight("w", Tensor.Of(new Core.Shape(2, 2), [1f, 2, 3, 4])),
                new Weight("scale", Tensor.Vector(0.1f, -0.5f)),
                new Weight("shift", Tensor.Vector(0f, 0)),
                new Weight("mean", Tensor.Vector(0f, 0)),
                new Weight("var", Tensor.Vector(1f, 1)),
            ]
        );
}
