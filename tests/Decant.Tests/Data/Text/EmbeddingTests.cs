using Decant.Core;
using Decant.Data;
using Decant.Runtime;
using Xunit;

namespace Decant.Tests.Data.Text;

public sealed class EmbeddingTests : IDisposable
{
    private static readonly float[] Scores = [2, 2, 5, 5, 1.5f, 1.5f];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private TextSource Pairs() =>
        TextFixtures.Source(
            folder,
            [new("pair", Tensor.Vector(7L, 7, 1, 1, 2, 2)), new("score", Tensor.Vector(Scores))]
        );

    private static Score Evaluate(LearningTask task, Network network, IDataSource data)
    {
        using var executor = new ReferenceExecutor(network);
        return task.Evaluate(network, executor, data, Preprocessing.None);
    }

    [Theory]
    [InlineData(Shape.Unknown)]
    [InlineData(20)]
    public void TheScoreIsThatOfMeansOverTheTokensByHand(int length)
    {
        TextTokenizer tokenizer = TextFixtures.Tokenizer(folder);
        double[][] means = [.. TextFixtures.Sentences.Select(s => Mean(tokenizer.Encode(s)))];
        double[] cosines = [.. Enumerable.Range(0, 3).Select(p => Cosine(means[2 * p], means[2 * p + 1]))];
        double expected = RankCorrelationTests.BruteForce(cosines, [2, 5, 1.5]);
        Network network = TextFixtures.Lookup(length: length);
        Assert.IsType<Embedding>(LearningTasks.For(network, Pairs()));
        Score score = Evaluate(new Embedding(), network, Pairs());
        Assert.Equal(("Spearman", 6), (score.Primary.Name, score.Count));
        Assert.Equal(expected, score.Primary.Value, 9);
    }

    [Fact]
    public void VectorsOfWholeExamplesAreTakenAsTheyAre()
    {
        var metric = new PairSimilarity(0, 0, 1);
        float[] vectors = [1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 1, 1];
        metric.Add(
            new ScoredBatch(
                6,
                [Tensor.Of(new Shape(6, 2), vectors)],
                [Tensor.Vector(0L, 0, 1, 1, 2, 2), Tensor.Vector(3f, 3, 1, 1, 2, 2)]
            )
        );
        Assert.Equal(1, metric.Value, 12);
    }

    [Fact]
    public void HalfAPairDoesNotCountAndTooFewAreSaid()
    {
        TextSource pairs = Pairs();
        Assert.Equal(5, Evaluate(new Embedding(), TextFixtures.Lookup(), pairs.Take([0, 1, 2, 4, 5])).Count);
        Assert.Contains(
            "1 came whole, and 1 by half",
            Assert
                .Throws<DataException>(() => Evaluate(new Embedding(), TextFixtures.Lookup(), pairs.Take([0, 1, 2])))
                .Message
        );
        Assert.Contains(
            "embedding needs 'pair'",
            Assert
                .Throws<DataException>(() =>
                    Evaluate(new Embedding(), TextFixtures.Lookup(), TextFixtures.Source(folder))
                )
                .Message
        );
    }

    /// <summary>
    /// The network's outputs on padding differ from those of the one that it is compared with as all others do; the
    /// metrics are those over the tokens of the sentences alone.
    /// </summary>
    [Fact]
    public void FidelityDoesNotCountPadding()
    {
        TextSource source = TextFixtures.Source(folder);
        TextTokenizer tokenizer = TextFixtures.Tokenizer(folder);
        (Network original, Network other) = (TextFixtures.Lookup(), Changed());
        var task = new Fidelity();
        using var executor = new ReferenceExecutor(original);
        IDataSource targeted = task.Targeted(original, executor, source, Preprocessing.None);
        Assert.Equal(new Shape(Shape.Unknown, TextFixtures.Width), targeted.Targets[0].Shape);
        Score score = Evaluate(task, other, targeted);
        (double signal, double noise, double cosines) = (0, 0, 0);
        foreach (string sentence in TextFixtures.Sentences)
        {
            int[] ids = tokenizer.Encode(sentence);
            double[] was =
                [.. ids.SelectMany(id => Enumerable.Range(0, 3).Select(i => (double)Value(original, id, i)))],
                now = [.. ids.SelectMany(id => Enumerable.Range(0, 3).Select(i => (double)Value(other, id, i)))];
            signal += was.Sum(v => v * v);
            noise += was.Zip(now, (a, b) => (a - b) * (a - b)).Sum();
            cosines += Cosine(was, now) / TextFixtures.Sentences.Length;
        }
        Assert.Equal(10 * Math.Log10(signal / noise), score["SQNR"], 6);
        Assert.Equal(cosines, score["cosine similarity"], 9);
        Assert.Equal("cosine similarity", score.Primary.Name);
        Score some = Evaluate(task, other, targeted.Take([4, 1]));
        Assert.Equal(2, some.Count);
        Assert.NotEqual(score["SQNR"], some["SQNR"]);
        Assert.NotEqual(targeted.Fingerprint, targeted.Take([4, 1]).Fingerprint);
    }

    [Fact]
    public void FidelityOfAFixedLengthIsThatOfAnyLength()
    {
        Score Of(int length)
        {
            Network original = TextFixtures.Lookup(length: length),
                other = TextFixtures.Lookup(0.75f, length);
            using var executor = new ReferenceExecutor(original);
            IDataSource targeted = new Fidelity().Targeted(
                original,
                executor,
                TextFixtures.Source(folder),
                Preprocessing.None
            );
            return Evaluate(new Fidelity(), other, targeted);
        }
        Assert.Equal(Of(Shape.Unknown)["SQNR"], Of(20)["SQNR"], 6);
    }

    /// <summary>The padding's vector is very different, the others a little.</summary>
    private static Network Changed()
    {
        Network network = TextFixtures.Lookup();
        var random = Rng.For(2, "changed");
        float[] table = [.. network.Weights["table"].Encoding.Decode().Span<float>()];
        for (int i = 0; i < table.Length; i++)
            table[i] += i < TextFixtures.Width ? 100 : (float)random.NextNormal() / 10;
        return network.With(
            new Dictionary<string, Encoding>
            {
                ["table"] = new DenseEncoding(Tensor.Of(network.Weights["table"].Encoding.Shape, table)),
            }
        );
    }

    private static float Value(Network network, int id, int i) =>
        network.Weights["table"].Encoding.Decode().Span<float>()[id * TextFixtures.Width + i];

    private static double[] Mean(int[] ids) =>
        [
            .. Enumerable
                .Range(0, TextFixtures.Width)
                .Select(i => ids.Average(id => (double)TextFixtures.Element(id, i))),
        ];

    private static double Cosine(double[] a, double[] b) =>
        a.Zip(b, (x, y) => x * y).Sum() / Math.Sqrt(a.Sum(x => x * x) * b.Sum(x => x * x));
}
