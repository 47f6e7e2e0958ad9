using Decant.Core;
using Decant.Data;
using Xunit;
using Encoding = System.Text.Encoding;

namespace Decant.Tests.Data.Text;

public sealed class TextFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private IDataSource Open(string name, string content, TextOptions? options = null) =>
        Datasets.Open(
            folder.Write(name, Encoding.UTF8.GetBytes(content)),
            DataRoot.Resolve(folder.Path),
            DatasetPart.Test,
            new DatasetOptions
            {
                Text = (options ?? new TextOptions()) with { Tokenizer = TextFixtures.Tokenizer(folder) },
            }
        );

    private long[] Ids(string sentence) => [.. TextFixtures.Tokenizer(folder).Encode(sentence).Select(i => (long)i)];

    private static long[] IdsOf(IDataSource source, int example) => source.Read([example]).Inputs[0].Array<long>();

    private static T[] Target<T>(IDataSource source, int target)
        where T : unmanaged => source.Read([.. Enumerable.Range(0, source.Count)]).Targets[target].Array<T>();

    [Theory]
    [InlineData("plain.txt", "the cat\n\n  \na dog\r\n")]
    [InlineData("plain.tsv", "the cat\na dog\n")]
    [InlineData("plain.jsonl", "{\"text\": \"the cat\"}\n{\"sentence\": \"a dog\"}")]
    public void SentencesAreLines(string name, string content)
    {
        IDataSource source = Open(name, content);
        Assert.Equal((2, 0), (source.Count, source.Targets.Length));
        Assert.Equal(Ids("the cat"), IdsOf(source, 0));
        Assert.Equal(Ids("a dog"), IdsOf(source, 1));
        Assert.Equal(name == "plain.txt" ? 1 : 0, source.Notes.Length);
    }

    [Theory]
    [InlineData("classes.tsv", "the cat\t2\na dog\t0\n", 0)]
    [InlineData("classes.tsv", "sentence\tlabel\nthe cat\t2\na dog\t0\n", 1)]
    [InlineData("classes.jsonl", "{\"text\": \"the cat\", \"label\": 2}\n{\"text\": \"a dog\", \"label\": 0}", 0)]
    public void ClassesGoWithSentences(string name, string content, int notes)
    {
        IDataSource source = Open(name, content);
        Assert.Equal(Ids("the cat"), IdsOf(source, 0));
        Assert.Equal(("label", 3), (source.Targets[0].Name, source.Targets[0].Classes));
        Assert.Equal([2L, 0], Target<long>(source, 0));
        Assert.Equal(notes, source.Notes.Length);
    }

    [Theory]
    [InlineData("pairs.tsv", "2.5\tthe cat\ta dog\n0\tcats\tdogs\n")]
    [InlineData(
        "pairs.jsonl",
        "{\"sentence1\": \"the cat\", \"sentence2\": \"a dog\", \"score\": 2.5}\n"
            + "{\"sentence1\": \"cats\", \"sentence2\": \"dogs\", \"score\": 0}"
    )]
    public void ScoredPairsAreTwoExamplesEach(string name, string content)
    {
        IDataSource source = Open(name, content);
        Assert.Equal(4, source.Count);
        Assert.Equal(Ids("dogs"), IdsOf(source, 3));
        Assert.Equal(["pair", "score"], source.Targets.Select(t => t.Name));
        Assert.Equal([0L, 0, 1, 1], Target<long>(source, 0));
        Assert.Equal([2.5f, 2.5f, 0, 0], Target<float>(source, 1));
    }

    [Fact]
    public void KeysCanBeNamed()
    {
        var options = new TextOptions { TextKey = "review", LabelKey = "stars" };
        IDataSource source = Open("named.jsonl", "{\"review\": \"the cat\", \"stars\": 4, \"label\": \"x\"}", options);
        Assert.Equal([4L], Target<long>(source, 0));
        Assert.Contains(
            "no key 'stars'",
            Assert.Throws<DataException>(() => Open("named.jsonl", "{\"review\": \"the cat\"}", options)).Message
        );
    }

    [Theory]
    [InlineData("a.tsv", "the cat\t1\na dog\n", "line 2: 1 columns; 2 as in the first line")]
    [InlineData("a.tsv", "a\tb\tc\td\n", "line 1: 4 columns")]
    [InlineData("a.tsv", "the cat\t1\na dog\t-1\n", "line 2: '-1' is no class")]
    [InlineData("a.tsv", "1\ta\tb\nx\ta\tb\n", "line 2: 'x' is no score")]
    [InlineData("a.tsv", "1\ta\tb\nNaN\ta\tb\n", "line 2: 'NaN' is no score")]
    [InlineData("a.jsonl", "{\"text\": \"a\"}\n{\"text\": ", "line 2: no JSON")]
    [InlineData("a.jsonl", "[1]", "line 1: an object is expected")]
    [InlineData("a.jsonl", "{\"words\": \"a\"}", "line 1: there is no text under key 'text'; there are 'words'")]
    [InlineData("a.jsonl", "{\"text\": \"a\", \"label\": 1.5}", "line 1: 'label' is 1.5")]
    [InlineData("a.jsonl", "{\"text\": \"a\", \"label\": 1}\n{\"text\": \"a\"}", "line 2: some sentences have a class")]
    [InlineData("a.txt", "\n\n", "holds no sentence")]
    public void WhatIsWrongIsNamedWithItsLine(string name, string content, string said)
    {
        string message = Assert.Throws<DataException>(() => Open(name, content)).Message;
        Assert.Contains(said, message);
        Assert.Contains(folder[name], message);
    }

    [Fact]
    public void BytesThatAreNoTextAreRefused()
    {
        folder.Write("bytes.txt", [.. "a cat\n"u8, 0xFF, 0xFE, (byte)'x']);
        Assert.Contains(
            "is not UTF-8",
            Assert
                .Throws<DataException>(() =>
                    Datasets.Open(
                        folder["bytes.txt"],
                        DataRoot.Resolve(folder.Path),
                        DatasetPart.Test,
                        new DatasetOptions { Text = new TextOptions { Tokenizer = TextFixtures.Tokenizer(folder) } }
                    )
                )
                .Message
        );
    }

    [Fact]
    public void NamedSetsLieInTheDataRoot()
    {
        folder.Write("sst2/train.tsv", Encoding.UTF8.GetBytes("the cat\t0\n"));
        folder.Write("sts-b/sts-test.tsv", Encoding.UTF8.GetBytes("5.000\tthe cat\tcats\n"));
        var root = DataRoot.Resolve(folder.Path);
        var options = new DatasetOptions { Text = new TextOptions { Tokenizer = TextFixtures.Tokenizer(folder) } };
        Assert.Equal(2, Datasets.Open("sst2", root, DatasetPart.Train, options).Targets[0].Classes);
        Assert.Equal(2, Datasets.Open("sts-b", root, DatasetPart.Test, options).Count);
        Assert.Contains(
            "sts-train.tsv",
            Assert.Throws<DataException>(() => Datasets.Open("sts-b", root, DatasetPart.Train, options)).Message
        );
        Assert.Contains(
            "needs the tokenizer",
            Assert.Throws<DataException>(() => Datasets.Open("sts-b", root, DatasetPart.Test)).Message
        );
        Assert.Contains(
            "is text, and images are needed",
            Assert.Throws<DataException>(() => Datasets.OpenImages("sst2", root, DatasetPart.Test)).Message
        );
        string none = Assert
            .Throws<DataException>(() =>
                Datasets.Open("sst2", DataRoot.Resolve(folder["none"]), DatasetPart.Test, options)
            )
            .Message;
        Assert.DoesNotContain("data get", none);
    }
}
