using System.Collections.Immutable;
using Decant.Core;
using Decant.Data;
using Decant.Runtime;
using Decant.Torch;
using Decant.Training;
using Decant.Zoo;
using Xunit;

namespace Decant.Examples;

/// <summary>One value an example, which the network's first output estimates, none of them far off.</summary>
public sealed class WorstCaseRegression : LearningTask, ITrainableTask
{
    public override string Name => "worst-case-regression";

    public override void CheckFits(Network network, IDataSource data)
    {
        if (data.Targets is not [{ Type: ElementType.Float32, Shape.Dims: [1] }])
            throw new DataException($"data set '{data.Name}' must have one target an example, a 32-bit float");
        NetworkFeed.Of(network, data, Preprocessing.None);
    }

    public override ImmutableArray<IMetric> Metrics(Network network, IDataSource data) => [new LargestError()];

    public ITaskLoss Loss(TrainingOptions options) => new SquaredError();
}

/// <summary>The largest |output - target| of any example.</summary>
public sealed class LargestError : IMetric
{
    public string Name => "largest error";

    public string Unit => "";

    public MetricDirection Direction => MetricDirection.LowerIsBetter;

    public double Value { get; private set; }

    public void Add(ScoredBatch batch)
    {
        ReadOnlySpan<float> outputs = batch.Outputs[0].Span<float>(),
            targets = batch.Targets[0].Span<float>();
        for (int i = 0; i < batch.Count; i++)
            Value = Math.Max(Value, Math.Abs(outputs[i] - targets[i]));
    }
}

/// <summary>What training minimizes: the mean of (output - target)².</summary>
public sealed class SquaredError : ITaskLoss
{
    public TorchTensor Of(TorchTensor outputs, TorchTensor targets) => outputs.Sub(targets).Pow(2).Mean();
}

public sealed class RegressionTests
{
    // y = 2a - b + 1/2 at the corners of a square.
    private static readonly ArraySource Plane = new(
        "plane",
        [new("x", Tensor.Of<float>(new Shape(4, 2), [0, 0, 0, 1, 1, 0, 1, 1]))],
        [new("y", Tensor.Of<float>(new Shape(4, 1), [0.5f, -0.5f, 2.5f, 1.5f]))]
    );

    private static Network Line(float a, float b, float bias) =>
        new NetworkBuilder("line", seed: 1, new Shape(Shape.Unknown, 2))
            .Gemm("fc", 1)
            .Build()
            .With(
                new Dictionary<string, Encoding>
                {
                    ["fc.weight"] = new DenseEncoding(Tensor.Of<float>(new Shape(1, 2), [a, b])),
                    ["fc.bias"] = new DenseEncoding(Tensor.Vector(bias)),
                }
            );

    private static Score Evaluate(Network network)
    {
        using InferenceSession session = new InferenceModel(network).CreateSession();
        return new WorstCaseRegression().Evaluate(network, session, Plane, Preprocessing.None);
    }

    [Theory]
    [InlineData(2, -1, 0.5, 0)]
    [InlineData(2, -1, 0.25, 0.25)]
    [InlineData(2, 0, 0.5, 1)]
    public void TheScoreIsTheLargestDistance(float a, float b, float bias, double error)
    {
        Score score = Evaluate(Line(a, b, bias));
        Assert.Equal(error, score["largest error"], 6);
        Assert.Equal(error, score.PointsLostSince(Evaluate(Line(2, -1, 0.5f))) / 100, 6);
    }

    [SkippableFact]
    public void ANetworkIsTrainedForIt()
    {
        Skip.IfNot(LibTorch.Problem is null, LibTorch.Problem);
        var options = new TrainingOptions
        {
            Task = new WorstCaseRegression(),
            Epochs = 300,
            BatchSize = 4,
            LearningRate = 0.1,
        };
        Network trained = new Trainer(options, Plane, Preprocessing.None).Train(Line(0, 0, 0));
        Assert.InRange(Evaluate(trained).Primary.Value, 0, 0.02);
    }

    [Fact]
    public void DataWithoutANumberToEstimateAreRefused()
    {
        var classes = new ArraySource(
            "classes",
            [new("x", Tensor.Of<float>(new Shape(1, 2), [0, 0]))],
            [new("y", Tensor.Vector(0L))]
        );
        Network network = Line(2, -1, 0.5f);
        Assert.Throws<DataException>(() => new WorstCaseRegression().CheckFits(network, classes));
    }
}
