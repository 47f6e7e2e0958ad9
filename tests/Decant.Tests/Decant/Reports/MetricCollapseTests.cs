using Decant.Core;
using Decant.Data;
using Decant.Pipelines;
using Decant.Quantization;
using Decant.Reports;
using Decant.Runs;
using Decant.Runtime;
using Decant.Techniques.Quantization;
using Decant.Zoo;
using Xunit;

namespace Decant.Tests.Reports;

[Collection("libtorch")]
public sealed class MetricCollapseTests
{
    private const double Chance = 0.1;

    // Pairs of numbers, and which is larger.
    private static readonly LabelledImages Pairs = new(
        "pairs",
        Tensor.Of(
            new Shape(100, 1, 1, 2),
            (byte[])[.. Enumerable.Range(0, 100).SelectMany(i => i % 2 == 0 ? (byte[])[200, (byte)i] : [(byte)i, 200])]
        ),
        [.. Enumerable.Range(0, 100).Select(i => i % 2)],
        2
    );

    [Theory]
    // Half of what is above chance is 0.54 here.
    [InlineData(0.98, 0.55, 10_000, false)]
    [InlineData(0.98, 0.53, 10_000, true)]
    [InlineData(0.98, 0.01, 10_000, true)]
    // Three standard errors on 100 examples are 0.15.
    [InlineData(0.24, 0.10, 100, false)]
    [InlineData(0.24, 0.10, 10_000, true)]
    [InlineData(0.10, 0.05, 10_000, false)]
    [InlineData(0.90, 0.95, 10_000, false)]
    public void HalfOfWhatIsAboveChanceIsGone(double before, double after, int count, bool collapsed) =>
        Assert.Equal(collapsed, MetricCollapse.IsBetween(Share(before, count), Share(after, count), Chance));

    [Theory]
    [InlineData(double.PositiveInfinity, 4, false)]
    [InlineData(double.PositiveInfinity, 2, true)]
    [InlineData(20, 0, true)]
    [InlineData(20, -5, true)]
    public void OfDecibelsItIsTheEnergyThatIsNoNoise(double before, double after, bool collapsed) =>
        Assert.Equal(
            collapsed,
            MetricCollapse.IsBetween(
                Score(before, "dB", MetricDirection.HigherIsBetter),
                Score(after, "dB", MetricDirection.HigherIsBetter),
                0
            )
        );

    [Fact]
    public void WhereLessIsBetterItHasMoreThanDoubled()
    {
        Score one = Score(1, "", MetricDirection.LowerIsBetter);
        Assert.True(MetricCollapse.IsBetween(one, Score(2.1, "", MetricDirection.LowerIsBetter), 0));
        Assert.False(MetricCollapse.IsBetween(one, Score(1.9, "", MetricDirection.LowerIsBetter), 0));
    }

    [Fact]
    public void TheLayerWhoseFormerWeightHelpsIsToBlame()
    {
        Network before = Comparison([1, 0, 0, 1], [1, 0, 0, 1]),
            after = Comparison([0, 1, 1, 0], [2, 0, 0, 1.9f]);
        Assert.Equal(
            "layer fc1 (fc1.weight) is to blame; with its former weight 100.00 % on 100 examples",
            new LayerBlame(before, after, ScoreOf, 0.5).Find()
        );
        Assert.Null(new LayerBlame(before, before, ScoreOf, 0.5).Find());
    }

    [Fact]
    public void WhereNoneHelpsTheMostSensitiveIsNamed()
    {
        // Zeros anywhere make all answers equal; the first of equal answers is the larger.
        Network before = Comparison([1, 0, 0, 1], [1, 0, 0, 1]),
            after = Comparison([0, 0, 0, 0], [0, 0, 0, 0]);
        Assert.Equal(
            "no layer alone is to blame; changed alone, layer fc1 (fc1.weight) loses most: 50.00 % on 100 examples",
            new LayerBlame(before, after, ScoreOf, 0.5).Find()
        );
    }

    [DataFact("mnist", "models")]
    public void ALeNetOfTwoBitsCollapsesAndTheLayerIsTheOneThatEveryTestImageSays()
    {
        LabelledImages train = Mnist.Read(DataFactAttribute.PathOf("mnist"), DatasetPart.Train).First(2000),
            test = Mnist.Read(DataFactAttribute.PathOf("mnist"), DatasetPart.Test);
        Network network = Models.Load(DataFactAttribute.PathOf("models/lenet-300-100-caffe.onnx"));
        QuantizationResult result = new PostTrainingQuantization(
            new QuantizationOptions
            {
                WeightBits = 2,
                ActivationBits = 0,
                Per = ScaleSharing.Tensor,
                WeightRange = new MinMaxRange(),
                CorrectsBias = false,
            },
            new CompressionOptions { Train = train, Test = test }
        ).Run(network, null);
        string[] weights = ["fc1.weight", "fc2.weight", "fc3.weight"];
        string blamed = weights.MaxBy(w =>
            Accuracy(result.Network.With(new Dictionary<string, Encoding> { [w] = network.Weights[w].Encoding }), test)
        )!;
        string note = Assert.Single(result.Report.Notes, n =>
            n.StartsWith("top-1 collapsed", StringComparison.Ordinal)
        );
        Assert.StartsWith("top-1 collapsed in stage 'quantize', 97.72 % → ", note);
        Assert.Contains($"({blamed}) is to blame; with its former weight ", note);
    }

    [DataFact("mnist", "models")]
    public void AStageThatPrunesNearlyAllIsNamedAndOneThatDoesNotIsNot()
    {
        Pipeline pipeline = Pipeline.Parse(
            """
            recipe: prune
            techniques:
              some: {technique: weight-pruning, weights: "*.weight", level: 0.5}
              most: {technique: weight-pruning, weights: "*.weight", level: 0.99}
            stages:
              - {name: some, use: some}
              - {name: most, use: most}
            """,
            "prune.yaml"
        );
        LabelledImages test = Mnist.Read(DataFactAttribute.PathOf("mnist"), DatasetPart.Test).First(2000);
        CompressionReport report = new Compressor(pipeline, new CompressionOptions { Test = test })
            .Run(Models.Load(DataFactAttribute.PathOf("models/lenet-5-caffe.onnx")), null)
            .Report;
        Assert.StartsWith(
            "top-1 collapsed in stage 'most', ",
            Assert.Single(report.Notes, n => n.Contains("collapsed", StringComparison.Ordinal))
        );
    }

    private static double Accuracy(Network network, LabelledImages images)
    {
        using var executor = new ReferenceExecutor(network);
        return new Classification().Evaluate(network, executor, images, Preprocessings.Of(network)).Primary.Value;
    }

    private static Score ScoreOf(Network network)
    {
        using var executor = new ReferenceExecutor(network);
        return new Classification().Evaluate(network, executor, Pairs, Preprocessing.None);
    }

    private static Network Comparison(float[] first, float[] second) =>
        new NetworkBuilder("pairs", 1, new Shape(Shape.Unknown, 1, 1, 2))
            .Flatten("flat")
            .Gemm("fc1", 2)
            .Gemm("fc2", 2)
            .Build()
            .With(
                new Dictionary<string, Encoding>
                {
                    ["fc1.weight"] = new DenseEncoding(Tensor.Of<float>(new Shape(2, 2), first)),
                    ["fc2.weight"] = new DenseEncoding(Tensor.Of<float>(new Shape(2, 2), second)),
                    ["fc1.bias"] = new DenseEncoding(Tensor.Vector(0f, 0f)),
                    ["fc2.bias"] = new DenseEncoding(Tensor.Vector(0f, 0f)),
                }
            );

    private static Score Share(double value, int count) => Score(value, "%", MetricDirection.HigherIsBetter, count);

    private static Score Score(double value, string unit, MetricDirection direction, int count = 1000) =>
        new([new MetricValue("metric", value, unit, direction)], count);
}
