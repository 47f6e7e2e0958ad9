using System.Collections.Immutable;
using System.Text.Json;
using Decant.Core;
using Decant.Data;
using Decant.Runtime;
using Xunit;

namespace Decant.Tests.Data;

public sealed class LearningTaskTests
{
    private static Node Node(string type, string[] inputs, string[] outputs) =>
        new(type, OperatorCatalogue.Create(type, Attributes.None), [.. inputs], [.. outputs]);

    /// <summary>Two inputs of floats a and b, N×3 and N×2; outputs relu(a) and b·factor.</summary>
    private static Network Two(float factor) =>
        new(
            "two",
            [Value("a", 3), Value("b", 2)],
            [Value("p", 3), Value("q", 2)],
            [Node("Relu", ["a"], ["p"]), Node("Mul", ["b", "factor"], ["q"])],
            [new Weight("factor", Tensor.Of(new Shape(1), new[] { factor }))]
        );

    private static ValueInfo Value(string name, int size) =>
        new(name, new TensorType(ElementType.Float32, new Shape(Shape.Unknown, size)));

    private static ArraySource Inputs(int count)
    {
        var random = Rng.For(5, "inputs");
        float[] Some(int n) => [.. Enumerable.Range(0, n).Select(_ => (float)random.NextNormal())];
        return new(
            "inputs",
            [
                new("b", Tensor.Of(new Shape(count, 2), Some(2 * count))),
                new("a", Tensor.Of(new Shape(count, 3), Some(3 * count))),
            ]
        );
    }

    private static Score Fidelity(Network original, Network network, IDataSource data)
    {
        var task = new Fidelity();
        using var first = new ReferenceExecutor(original);
        IDataSource targeted = task.Targeted(original, first, data, Preprocessing.None);
        using var second = new ReferenceExecutor(network);
        return task.Evaluate(network, second, targeted, Preprocessing.None);
    }

    [Fact]
    public void ANetworkIsFaithfulToItself()
    {
        Score score = Fidelity(Two(2), Two(2), Inputs(130));
        Assert.Equal(
            [
                "agreement of p",
                "agreement of q",
                "cosine similarity of p",
                "cosine similarity of q",
                "SQNR of p",
                "SQNR of q",
            ],
            score.Values.Select(v => v.Name)
        );
        Assert.Equal((1.0, 130), (score.Primary.Value, score.Count));
        Assert.Equal(double.PositiveInfinity, score["SQNR of q"]);
        Assert.Equal(0, score.PointsLostSince(score));
        Assert.Equal(0, score.Values[^1].PointsLostSince(score.Values[^1]));
    }

    [Fact]
    public void TheMetricsOfFidelityAreWhatTheyAreByHand()
    {
        ArraySource data = Inputs(130);
        Score score = Fidelity(Two(2), Two(-1), data);
        // Output q is -1/2 of what it was: the angle is 180 degrees, the noise 9/4 of the signal, the larger of two
        // the smaller.
        Assert.Equal(-1, score["cosine similarity of q"], 6);
        Assert.Equal(10 * Math.Log10(1 / 2.25), score["SQNR of q"], 5);
        Assert.Equal(0, score["agreement of q"]);
        Assert.Equal(1, score["agreement of p"]);
        Assert.Equal(100, score.Values[1].PointsLostSince(score.Values[0]), 9);
    }

    [Fact]
    public void AgreementIsThatOfTheLargestOutput()
    {
        var random = Rng.For(1, "agreement");
        float[] Some() => [.. Enumerable.Range(0, 7 * 5).Select(_ => (float)random.Next(3))];
        for (int trial = 0; trial < 50; trial++)
        {
            (float[] made, float[] target) = (Some(), Some());
            var metric = new Agreement(0);
            metric.Add(new ScoredBatch(7, [Tensor.Of(new Shape(7, 5), made)], [Tensor.Of(new Shape(7, 5), target)]));
            int equal = Enumerable.Range(0, 7).Count(i => IndexOfLargest(made, i) == IndexOfLargest(target, i));
            Assert.Equal(equal / 7.0, metric.Value);
        }

        static int IndexOfLargest(float[] rows, int i)
        {
            float[] row = rows[(5 * i)..(5 * i + 5)];
            return Array.IndexOf(row, row.Max());
        }
    }

    [Fact]
    public void AgreementIsOfEachRowAlongTheLastAxisThatIsLonger()
    {
        float[] made = [1, 2, 4, 3, 6, 5],
            target = [1, 2, 3, 4, 6, 5];
        foreach (Shape shape in new[] { new Shape(1, 3, 2), new Shape(3, 2), new Shape(3, 2, 1, 1) })
        {
            var metric = new Agreement(0);
            metric.Add(new ScoredBatch(shape[0], [Tensor.Of(shape, made)], [Tensor.Of(shape, target)]));
            Assert.Equal(2 / 3.0, metric.Value, 12);
        }
    }

    [Fact]
    public void ExpectedAgreementIsThatOfManyMoreRowsFromFew()
    {
        // Leads and changes are independent here, so that many rows tell what few should expect.
        const int few = 100,
            many = 60_000;
        double truth = Counted(Rows(many, 1));
        double[] counted = [.. Enumerable.Range(2, 50).Select(seed => Counted(Rows(few, seed)))],
            expected = [.. Enumerable.Range(2, 50).Select(seed => Expected(Rows(few, seed)))];
        Assert.Equal(truth, expected.Average(), 0.01);
        double Error(double[] values) => values.Sum(v => (v - truth) * (v - truth));
        Assert.True(Error(expected) < 0.6 * Error(counted));

        static ScoredBatch Rows(int count, int seed)
        {
            var random = Rng.For((ulong)seed, "leads");
            float[] target = [.. Enumerable.Range(0, 2 * count).Select(_ => (float)random.NextDouble())],
                made = [.. target.Select(t => t + 0.1f * ((float)random.NextDouble() - 0.5f))];
            var shape = new Shape(count, 2);
            return new ScoredBatch(count, [Tensor.Of(shape, made)], [Tensor.Of(shape, target)]);
        }

        static double Counted(ScoredBatch batch) => ValueOf(new Agreement(0), batch);
        static double Expected(ScoredBatch batch) => ValueOf(new ExpectedAgreement(0), batch);
    }

    [Fact]
    public void ExpectedAgreementOfWhatIsTheSameIsCompleteAndOfWhatIsNoNumberIsNone()
    {
        Tensor rows = Tensor.Of(new Shape(2, 2), new[] { 1f, 1, 3, 2 });
        Assert.Equal(1, ValueOf(new ExpectedAgreement(0), new ScoredBatch(2, [rows], [rows])));
        Tensor nothing = Tensor.Of(new Shape(2, 2), new[] { float.NaN, 1, 1, float.NaN });
        Assert.Equal(0, ValueOf(new ExpectedAgreement(0), new ScoredBatch(2, [nothing], [rows])));
        Assert.Equal(0, ValueOf(new ExpectedAgreement(0), new ScoredBatch(2, [nothing], [nothing])));
    }

    [Fact]
    public void CosineSimilarityIsBoundedByItsStandardErrors()
    {
        const int count = 40;
        var random = Rng.For(1, "cosines");
        float[] Some() => [.. Enumerable.Range(0, 3 * count).Select(_ => (float)random.NextDouble())];
        (float[] made, float[] target) = (Some(), Some());
        var shape = new Shape(count, 3);
        var batch = new ScoredBatch(count, [Tensor.Of(shape, made)], [Tensor.Of(shape, target)]);
        double[] cosines =
        [
            .. Enumerable.Range(0, count).Select(i => CosineOf(made.AsSpan(3 * i, 3), target.AsSpan(3 * i, 3))),
        ];
        double mean = cosines.Average(),
            error = Math.Sqrt(cosines.Average(c => (c - mean) * (c - mean)) / count);
        Assert.Equal(mean, ValueOf(new CosineSimilarity([0]), batch), 6);
        Assert.Equal(mean - 2 * error, ValueOf(new CosineSimilarity([0], "", 2), batch), 6);
        Assert.Equal(1, ValueOf(new CosineSimilarity([0], "", 2), batch with { Outputs = batch.Targets }), 9);

        static double CosineOf(ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
            Dot(a, b) / Math.Sqrt(Dot(a, a) * Dot(b, b));
        static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
            (double)a[0] * b[0] + (double)a[1] * b[1] + (double)a[2] * b[2];
    }

    private static double ValueOf(IMetric metric, ScoredBatch batch)
    {
        metric.Add(batch);
        return metric.Value;
    }

    [Fact]
    public void WhatASoftmaxMakesIsScoresAndHalvesAreScoredAsFloats()
    {
        TensorType rows = new(ElementType.Float32, new Shape(Shape.Unknown, 4, 3));
        ValueInfo half = new("h", new TensorType(ElementType.Float16, new Shape(Shape.Unknown, 4, 3)));
        Node softmax = Node("Softmax", ["x"], ["y"]);
        var network = new Network(
            "n",
            [new ValueInfo("x", rows)],
            [new ValueInfo("y", rows), half],
            [softmax, new Node("cast", new Decant.Core.Operators.Cast(new Attributes(("to", 10L))), ["y"], ["h"])],
            []
        );
        float[] values = [.. Enumerable.Range(0, 24).Select(i => (float)Math.Sin(i))];
        var data = new ArraySource("s", [new("x", Tensor.Of(new Shape(2, 4, 3), values))]);
        using var executor = new ReferenceExecutor(network);
        IDataSource targeted = new Fidelity().Targeted(network, executor, data, Preprocessing.None);
        Score score = new Fidelity().Evaluate(network, executor, targeted, Preprocessing.None);
        Assert.Equal(1, score["agreement of y"]);
        Assert.Equal(1, score["cosine similarity of h"], 6);
        Assert.DoesNotContain(score.Values, v => v.Name == "agreement of h");
    }

    [Theory]
    [InlineData("Tanh", false)]
    [InlineData("Relu", true)]
    public void WhatTanhMakesIsAVectorRatherThanScores(string type, bool isScores)
    {
        var network = new Network("n", [Value("x", 3)], [Value("y", 3)], [Node(type, ["x"], ["y"])], []);
        var data = new ArraySource("s", [new("x", Tensor.Of(new Shape(2, 3), new float[] { 1, 2, 3, 6, 5, 4 }))]);
        using var executor = new ReferenceExecutor(network);
        IDataSource targeted = new Fidelity().Targeted(network, executor, data, Preprocessing.None);
        Score score = new Fidelity().Evaluate(network, executor, targeted, Preprocessing.None);
        Assert.Equal(isScores, score.Values.Any(v => v.Name == "agreement"));
    }

    [Fact]
    public void AnOutputThatIsNoNumberAgreesWithNothing()
    {
        var metric = new Agreement(0);
        Tensor nothing = Tensor.Of(new Shape(1, 2), new[] { float.NaN, 1 });
        metric.Add(new ScoredBatch(1, [nothing], [nothing]));
        Assert.Equal(0, metric.Value);
    }

    [Fact]
    public void ClassesThatFitAreClassifiedAndAllElseIsComparedWithTheOriginal()
    {
        ValueInfo x = Value("x", 3);
        var network = new Network("n", [x], [Value("y", 3)], [Node("Relu", ["x"], ["y"])], []);
        Tensor a = Tensor.Zeros(ElementType.Float32, new Shape(2, 3));
        Assert.IsType<Classification>(
            LearningTasks.For(network, new ArraySource("s", [new("x", a)], [new("y", Tensor.Vector(0L, 2))]))
        );
        Assert.IsType<Fidelity>(LearningTasks.For(network, new ArraySource("s", [new("x", a)])));
        Tensor four = Tensor.Zeros(ElementType.Float32, new Shape(2, 4));
        Assert.IsType<Fidelity>(LearningTasks.For(network, new ArraySource("s", [new("x", a)], [new("y", four)])));
        Assert.IsType<Fidelity>(
            LearningTasks.For(
                Two(1),
                new ArraySource("s", [new("x", a)], [new("y", Tensor.Vector(0L, 2)), new("z", Tensor.Vector(0L, 2))])
            )
        );
        string refusal = Assert
            .Throws<DataException>(() =>
                new Classification().CheckFits(
                    network,
                    new ArraySource("s", [new("x", a)], [new("y", Tensor.Vector(0L, 3))])
                )
            )
            .Message;
        Assert.Equal(
            "s has 4 classes; output 'y' tells 3 apart; outputs and targets fit fidelity to another network",
            refusal
        );
        Assert.Contains(
            "no task is called 'colour'",
            Assert.Throws<DataException>(() => LearningTasks.Of("colour")).Message
        );
    }

    [Fact]
    public void AScoreComesBackFromJson()
    {
        var score = new Score(
            [
                new("top-1", 0.5, "%", MetricDirection.HigherIsBetter),
                new("SQNR", double.PositiveInfinity, "dB", MetricDirection.HigherIsBetter),
                new("error", 0.25, "m", MetricDirection.LowerIsBetter),
            ],
            7
        );
        var web = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        string text = JsonSerializer.Serialize(score, web);
        Assert.Equal(score, JsonSerializer.Deserialize<Score>(text, web));
        Assert.Equal(3, text.Split("\"value\"").Length - 1);
    }

    [Fact]
    public void LowerMayBeBetter()
    {
        var before = new MetricValue("RMSE", 2, "m", MetricDirection.LowerIsBetter);
        Assert.Equal(0.5, (before with { Value = 2.5 }).PointsLostSince(before));
        Assert.True((before with { Value = 1 }).Goodness > before.Goodness);
        Assert.Equal("RMSE 2.0 m", before.ToString());
        var bare = new MetricValue("RMSE", 0.25, "", MetricDirection.LowerIsBetter);
        Assert.Equal(
            ["0.2500", "4.200e-5", "0.0000", "∞"],
            new[] { 0.25, 4.2e-5, 0, double.PositiveInfinity }.Select(bare.NumberOf)
        );
        Assert.Equal("top-1 91.84 %", new MetricValue("top-1", 0.9184, "%", MetricDirection.HigherIsBetter).ToString());
    }

    /// <summary>A task of a user's own: the root mean square error of the first output.</summary>
    private sealed class Regression : LearningTask
    {
        public override string Name => "regression";

        public override void CheckFits(Network network, IDataSource data) =>
            NetworkFeed.Of(network, data, Preprocessing.None);

        public override ImmutableArray<IMetric> Metrics(Network network, IDataSource data) => [new Rmse()];

        private sealed class Rmse : IMetric
        {
            private double sum;
            private long count;

            public string Name => "RMSE";

            public string Unit => "m";

            public MetricDirection Direction => MetricDirection.LowerIsBetter;

            public double Value => Math.Sqrt(sum / count);

            public void Add(ScoredBatch batch)
            {
                float[] made = batch.Outputs[0].Array<float>(),
                    wanted = batch.Targets[0].Array<float>();
                for (int i = 0; i < wanted.Length; i++)
                    sum += (made[i] - wanted[i]) * (made[i] - wanted[i]);
                count += wanted.Length;
            }
        }
    }

    [Fact]
    public void ATaskOfOnesOwnIsAClass()
    {
        var network = new Network("n", [Value("x", 1)], [Value("y", 1)], [Node("Relu", ["x"], ["y"])], []);
        var data = new ArraySource(
            "line",
            [new("x", Tensor.Of(new Shape(2, 1), new[] { 1f, 2 }))],
            [new("y", Tensor.Of(new Shape(2, 1), new[] { 4f, 6 }))]
        );
        using var executor = new ReferenceExecutor(network);
        Score score = new Regression().Evaluate(network, executor, data, Preprocessing.None);
        Assert.Equal(Math.Sqrt((9 + 16) / 2.0), score.Primary.Value, 9);
    }
}
