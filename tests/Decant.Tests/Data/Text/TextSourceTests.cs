using Decant.Core;
using Decant.Data;
using Decant.Runtime;
using Decant.Techniques.Statistics;
using Xunit;

namespace Decant.Tests.Data.Text;

public sealed class TextSourceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ABatchIsPaddedToItsLongestSentence()
    {
        TextSource source = TextFixtures.Source(folder);
        TextTokenizer tokenizer = TextFixtures.Tokenizer(folder);
        int[][] ids = [.. TextFixtures.Sentences.Select(s => tokenizer.Encode(s))];
        Assert.Equal(ids.Select(i => i.Length), source.Lengths);
        Batch? batch = null;
        foreach (int[] chosen in new int[][] { [1, 3], [2, 0, 4], [5], [3, 1] })
        {
            batch = source.Read(chosen, batch);
            int longest = chosen.Max(i => ids[i].Length);
            Assert.Equal(
                chosen.SelectMany(i => ids[i].Concat(Enumerable.Repeat(0, longest - ids[i].Length))),
                batch.Inputs[0].Array<long>().Select(v => (int)v)
            );
            Assert.Equal(
                chosen.SelectMany(i => Enumerable.Range(0, longest).Select(p => p < ids[i].Length ? 1L : 0)),
                batch.Inputs[1].Array<long>()
            );
            Assert.All(batch.Inputs, i => Assert.Equal(new Shape(chosen.Length, longest), i.Shape));
            Assert.All(batch.Inputs[2].Array<long>(), v => Assert.Equal(0, v));
        }
    }

    [Fact]
    public void ANetworkOfAFixedLengthGetsThatAndOneThatIsTooShortIsRefused()
    {
        TextSource source = TextFixtures.Source(folder);
        int longest = source.Lengths.Max();
        NetworkFeed feed = NetworkFeed.Of(TextFixtures.Lookup(length: longest + 2), source, Preprocessing.None);
        FedBatch? batch = null;
        foreach (FedBatch fed in feed.Batches(2))
        {
            Assert.Equal(new Shape(2, longest + 2), fed.Inputs[0].Shape);
            for (int i = 0; i < fed.Count; i++)
                Assert.Equal(
                    source.Lengths[fed.Indices[i]],
                    fed.Inputs[1].Array<long>()[(i * (longest + 2))..((i + 1) * (longest + 2))].Sum()
                );
            batch = fed;
        }
        Assert.NotNull(batch);
        string said = Assert
            .Throws<DataException>(() =>
                NetworkFeed.Of(TextFixtures.Lookup(length: longest - 1), source, Preprocessing.None)
            )
            .Message;
        Assert.Contains($"has length {longest}; input 'input_ids' takes {longest - 1}", said);
    }

    [Fact]
    public void BatchesOfAFeedGoFromShortToLongAndHoldEachExampleOnce()
    {
        TextSource source = TextFixtures.Source(folder);
        int[] order =
        [
            .. NetworkFeed
                .Of(TextFixtures.Lookup(), source, Preprocessing.None)
                .Batches(2)
                .SelectMany(b => b.Indices.ToArray()),
        ];
        Assert.Equal(Enumerable.Range(0, source.Count), order.Order());
        Assert.Equal(source.Lengths.Order(), order.Select(i => source.Lengths[i]));
    }

    [Fact]
    public void LongSentencesComeInSmallBatches()
    {
        var options = new TextOptions { Tokenizer = TextFixtures.Tokenizer(folder) };
        string[] texts = [.. Enumerable.Repeat(string.Join(' ', Enumerable.Repeat("cat", 1022)), 3)];
        var counts = NetworkFeed
            .Of(TextFixtures.Lookup(), new TextSource("long", texts, options), Preprocessing.None)
            .Batches(100)
            .Select(b => b.Count);
        Assert.Equal([1, 1, 1], counts);
    }

    [Fact]
    public void WhatIsCutIsSaidOnce()
    {
        var options = new TextOptions
        {
            Tokenizer = TextFixtures.Tokenizer(folder),
            Limits = TextLimits.Of(TextFixtures.WithPositions(5)),
        };
        var source = new TextSource("cut", TextFixtures.Sentences, options);
        Assert.Equal(5, source.Lengths.Max());
        int cut = TextFixtures.Source(folder).Lengths.Count(l => l > 5);
        Assert.Equal($"{cut} of 6 sentences have more than 5 tokens and are truncated", Assert.Single(source.Notes));
        Assert.Equal(4, new TextSource("cut", TextFixtures.Sentences, options with { MaxLength = 4 }).Lengths.Max());
        Assert.Empty(TextFixtures.Source(folder).Notes);
        Assert.NotEqual(source.Fingerprint, TextFixtures.Source(folder).Fingerprint);
        Assert.Equal(TextFixtures.Source(folder).Fingerprint, TextFixtures.Source(folder).Fingerprint);
    }

    [Fact]
    public void ATokenizerOfAnotherNetworkIsRefusedWithBothSizes()
    {
        var options = new TextOptions
        {
            Tokenizer = TextFixtures.Tokenizer(folder),
            Limits = TextLimits.Of(TextFixtures.Lookup(rows: 20)),
        };
        string said = Assert
            .Throws<DataException>(() => new TextSource("other", TextFixtures.Sentences, options))
            .Message;
        Assert.Contains($"ids up to {TextFixtures.Vocabulary.Length - 1}", said);
        Assert.Contains("'table' has 20 rows", said);
        Assert.Contains(
            "needs the tokenizer",
            Assert.Throws<DataException>(() => new TextSource("none", ["a"], new TextOptions())).Message
        );
    }

    [Fact]
    public void LimitsAreThoseOfTablesThatAreQuantizedAndIdsThatAreCast()
    {
        Network plain = TextFixtures.WithPositions(9);
        var quantized = new Network(
            "quantized",
            plain.Inputs,
            plain.Outputs,
            [
                TextFixtures.Node("DequantizeLinear", ["codes", "scale"], "table"),
                TextFixtures.Node("Identity", ["input_ids"], "same"),
                .. plain.Nodes.Select(n =>
                    n with
                    {
                        Inputs = [.. n.Inputs.Select(i => n.Name == "looked" && i == "input_ids" ? "same" : i)],
                    }
                ),
            ],
            [
                .. plain.Weights.Where(w => w.Name != "table"),
                new Weight("codes", Tensor.Zeros(ElementType.Int8, new Shape(11, TextFixtures.Width))),
                new Weight("scale", Tensor.Scalar(0.5f)),
            ]
        );
        TextLimits limits = TextLimits.Of(quantized);
        Assert.Equal((9, "codes", 11), (limits.MaxLength, limits.Table, limits.Rows));
        TextLimits none = TextLimits.Of(TextFixtures.Lookup(length: 7));
        Assert.Equal((7, "table"), (none.MaxLength, none.Table));
        Assert.Null(TextLimits.Of(TextFixtures.Lookup()).MaxLength);
    }

    [Fact]
    public void PairsStayWholeWhenASourceIsSplit()
    {
        TextSource source = TextFixtures.Source(
            folder,
            [new("pair", Tensor.Vector(0L, 0, 1, 1, 2, 2)), new("score", Tensor.Vector(1f, 1, 2, 2, 3, 3))]
        );
        for (int count = 0; count <= 6; count++)
        {
            var (train, held) = source.Split(count, 4);
            Assert.Equal((6 - count / 2 * 2, count / 2 * 2), (train.Count, held.Count));
            long[] left = Pairs(train),
                right = Pairs(held);
            Assert.Equal([0L, 0, 1, 1, 2, 2], left.Concat(right).Order());
            Assert.Empty(left.Intersect(right));
        }
        static long[] Pairs(IDataSource part) =>
            part.Count == 0 ? [] : part.Read([.. Enumerable.Range(0, part.Count)]).Targets[0].Array<long>();
    }

    [Fact]
    public void ClassesAreSplitInProportion()
    {
        TextSource source = TextFixtures.Source(folder, [new("label", Tensor.Vector(0L, 1, 0, 1, 0, 1))]);
        IDataSource held = source.Split(2, 1).HeldOut;
        Assert.Equal([0L, 1], held.Read([0, 1]).Targets[0].Array<long>().Order());
    }

    [Fact]
    public void ActivationsAreObservedWithoutPadding()
    {
        TextSource source = TextFixtures.Source(folder);
        using var observer = new NetworkObserver(TextFixtures.Lookup(), ["looked"]);
        int seen = 0;
        new ActivationPass(source, Preprocessing.None).Run([observer], batch =>
            seen += observer["looked"].Values.Length
        );
        Assert.Equal(source.Lengths.Sum() * TextFixtures.Width, seen);
        var requests = new[] { new DistributionRequest("looked", 2), new DistributionRequest("looked", 5) };
        CollectedStatistics both = Collect(requests),
            alone = Collect([requests[0]]);
        Assert.Equal(both.Find(requests[0])!.Mean, alone.Find(requests[0])!.Mean);
        Assert.True(both.Find(requests[1])!.Count > both.Find(requests[0])!.Count);

        CollectedStatistics Collect(DistributionRequest[] wanted) =>
            CollectedStatistics.Collect(TextFixtures.Lookup(), wanted, source, Preprocessing.None, 3);
    }
}
