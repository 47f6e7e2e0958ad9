using Decant.Core;
using Decant.Data;
using Xunit;

namespace Decant.Tests.Training.Loop;

public sealed class ClassificationTests
{
    /// <summary>Each image's pixels are the outputs: what a network would say is in the data.</summary>
    private static Score Score(int batch, int classes, params (int Label, float[] Outputs)[] images)
    {
        var data = new LabelledImages(
            "said",
            Tensor.Of(new Shape(images.Length, classes), [.. images.SelectMany(i => i.Outputs)]),
            [.. images.Select(i => i.Label)],
            classes
        );
        var type = new TensorType(ElementType.Float32, new Shape(batch, classes));
        var node = new Node("n", OperatorCatalogue.Create("Relu", Attributes.None), ["x"], ["y"]);
        var network = new Network("said", [new ValueInfo("x", type)], [new ValueInfo("y", type)], [node], []);
        using var echo = new Echo(network);
        return new Classification().Evaluate(network, echo, data, Preprocessing.None);
    }

    [Fact]
    public void TheLargestOutputWins()
    {
        Score score = Score(Shape.Unknown, 3, (0, [3, 2, 1]), (1, [3, 2, 1]), (2, [1, 2, 3]), (2, [-1, -3, -2]));
        Assert.Equal((0.5, 1.0, 4), (score["top-1"], score["top-5"], score.Count));
    }

    [Fact]
    public void OfEqualOutputsTheFirstClassWins() =>
        Assert.Equal(1 / 3.0, Score(Shape.Unknown, 3, (0, [2, 2, 2]), (1, [2, 2, 2]), (2, [2, 2, 2]))["top-1"]);

    [Fact]
    public void AnOutputThatIsNoNumberIsNeverRight()
    {
        Assert.Equal(
            0,
            Score(
                Shape.Unknown,
                2,
                (0, [float.NaN, 1]),
                (1, [float.NaN, 1]),
                (0, [float.NaN, float.NaN]),
                (1, [float.NaN, float.NaN])
            )["top-1"]
        );
        Assert.Equal(1, Score(Shape.Unknown, 2, (1, [float.NegativeInfinity, 1]))["top-1"]);
    }

    [Fact]
    public void TopFiveCountsTheFifthAndNotTheSixth()
    {
        float[] falling = [7, 6, 5, 4, 3, 2, 1];
        Score score = Score(Shape.Unknown, 7, [.. Enumerable.Range(0, 7).Select(i => (i, falling))]);
        Assert.Equal((1 / 7.0, 5 / 7.0), (score["top-1"], score["top-5"]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(64)]
    [InlineData(Shape.Unknown)]
    public void ABatchOfTheNetworksOwnIsFilled(int batch)
    {
        (int, float[])[] images =
        [
            .. Enumerable
                .Range(0, 130)
                .Select(i =>
                    (
                        i % 4,
                        new float[] { i % 4 == 0 ? 1 : 0, i % 4 == 1 ? 1 : 0, i % 4 == 2 ? 1 : 0, i % 8 == 3 ? 1 : 0 }
                    )
                ),
        ];
        Score score = Score(batch, 4, images);
        Assert.Equal(130, score.Count);
        Assert.Equal(images.Count(i => i.Item2[i.Item1] == 1), (int)Math.Round(score["top-1"] * 130));
    }

    private sealed class Echo(Network network) : IExecutor
    {
        public string Name => "echo";

        public IReadOnlyList<Tensor> Run(IReadOnlyList<Tensor> inputs, CancellationToken cancellation = default)
        {
            NetworkInputs.Check(network, inputs);
            return [inputs[0].Clone()];
        }

        public void Dispose() { }
    }
}
