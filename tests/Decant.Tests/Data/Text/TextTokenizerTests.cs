using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Decant.Core;
using Decant.Data;
using Xunit;
using Encoding = System.Text.Encoding;

namespace Decant.Tests.Data.Text;

public sealed class TextTokenizerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void WordPieceIsThatOfAPlainReading()
    {
        TextTokenizer tokenizer = TextFixtures.Tokenizer(folder);
        string[] parts =
        [
            "the",
            "cat",
            "s",
            "Dog",
            "running",
            "É",
            "naïf",
            "e\u0301",
            "你",
            "한",
            " ",
            "\t",
            "\u00A0",
            "\n",
            "\0",
            "\u200B",
            ".",
            "!?",
            "¿",
            "'",
            "🙂",
            "𠀀",
            "-",
            "_x",
            "$",
            "€",
            "x⯿",
            "½",
            "İ",
            new string('a', 101),
        ];
        var random = Rng.For(3, "words");
        for (int trial = 0; trial < 400; trial++)
        {
            string text = string.Concat(
                Enumerable.Range(0, random.Next(9)).Select(_ => parts[random.Next(parts.Length)])
            );
            Assert.Equal($"{text}: {string.Join(' ', WordPieces(text))}", $"{text}: {Words(tokenizer.Encode(text))}");
        }
    }

    [Fact]
    public void MarksInTextAreTokens()
    {
        int[] ids = TextFixtures.Tokenizer(folder).Encode("cat[SEP]dog [MASK]! [a]");
        Assert.Equal("[CLS] cat [SEP] dog [MASK] ! [UNK] a [UNK] [SEP]", Words(ids));
    }

    [Fact]
    public void WordPieceKeepsCaseWhereTheVocabularyDoes()
    {
        TextTokenizer cased = Load("cased.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\nThe\nthe\nÉ");
        Assert.Equal([2, 4, 5, 6, 1, 3], cased.Encode("The the É é"));
    }

    [Fact]
    public void WhatIsTooLongIsCutBeforeTheEnd()
    {
        TextTokenizer tokenizer = TextFixtures.Tokenizer(folder);
        int[] whole = tokenizer.Encode("the cat sit");
        Assert.Equal([whole[0], whole[1], whole[^1]], tokenizer.Encode("the cat sit", 3));
        Assert.Equal(whole, tokenizer.Encode("the cat sit", whole.Length));
        Assert.Equal((0, TextFixtures.Vocabulary.Length - 1), (tokenizer.PaddingId, tokenizer.LargestId));
    }

    /// <summary>Bytes are tokens; pairs merge in the order of merges.txt, so that " lower" is Ġ, low, er.</summary>
    [Fact]
    public void BytePairsMergeInTheirOrder()
    {
        var vocabulary = new Dictionary<string, int>
        {
            ["<s>"] = 0,
            ["<pad>"] = 1,
            ["</s>"] = 2,
        };
        foreach (string token in "lower!ĠÃ©".Select(c => $"{c}").Distinct())
            vocabulary[token] = vocabulary.Count;
        string[] merges = ["l o", "lo w", "e r", "Ġ lo", "Ġlo w"];
        foreach (string merge in merges)
            vocabulary[merge.Replace(" ", "", StringComparison.Ordinal)] = vocabulary.Count;
        folder.Write("merges.txt", Encoding.UTF8.GetBytes("#version: 0.2\n" + string.Join('\n', merges)));
        TextTokenizer tokenizer = Load("vocab.json", JsonSerializer.Serialize(vocabulary));
        string[] expected = ["<s>", "low", "Ġ", "low", "er", "!", "Ġ", "Ã", "©", "</s>"];
        Assert.Equal(expected.Select(t => vocabulary[t]), tokenizer.Encode("low lower! é"));
        Assert.Equal(1, tokenizer.PaddingId);
    }

    [Theory]
    [InlineData(2, "▁low ▁low er")]
    [InlineData(1, "▁l ow ▁l ow er")]
    public void SentencePiecesAreByMergesOrByScores(int kind, string expected)
    {
        string[] pieces = ["<unk>", "<s>", "</s>", "▁l", "ow", "▁low", "er", "▁", "l", "o", "w", "e", "r"];
        TextTokenizer tokenizer = TextTokenizer.Load(folder.Write("pieces.model", SentencePieceModel(kind, pieces)));
        Assert.Equal(
            [1, .. expected.Split(' ').Select(p => Array.IndexOf(pieces, p)), 2],
            tokenizer.Encode("low lower")
        );
    }

    [Theory]
    [InlineData("v.txt", "[PAD]\n[UNK]\n[CLS]\nthe", "no token [SEP]")]
    [InlineData("v.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\nthe\nthe", "line 6: token 'the' is there twice")]
    [InlineData("v.bin", "", "is no tokenizer")]
    [InlineData("tokenizer.json", "{}", "vocab.json with merges.txt")]
    [InlineData("v.model", "no protocol buffer at all", "cannot be used")]
    public void WhatIsNoTokenizerIsRefused(string name, string content, string said)
    {
        string message = Assert.Throws<DataException>(() => Load(name, content)).Message;
        Assert.Contains(said, message);
        Assert.Contains(name, message);
        Assert.DoesNotContain("\n", message);
    }

    [Fact]
    public void AMissingFileIsNamed() =>
        Assert.Contains(
            folder["none.txt"],
            Assert.Throws<DataException>(() => TextTokenizer.Load(folder["none.txt"])).Message
        );

    [Fact]
    public void DecompositionsAreWhatUnicodeSays()
    {
        Assert.Equal(636, AccentFolding.Characters.Count);
        string[] samples = ["Å", "ệ", "ΐ", "Ѐ", "ё", "한", "ộ", "ñ", "Ω", "ﬁ", "ß", "x", "\u0301"];
        string[] folded = ["a", "e", "ι", "е", "е", "\u1112\u1161\u11AB", "o", "n", "ω", "ﬁ", "ß", "x", ""];
        Assert.Equal(folded, samples.Select(Folded));
        static string Folded(string text)
        {
            var to = new StringBuilder();
            foreach (char c in text)
                AccentFolding.Append(to, c);
            return to.ToString();
        }
    }

    private static string Words(int[] ids) => string.Join(' ', ids.Select(i => TextFixtures.Vocabulary[i]));

    private TextTokenizer Load(string name, string content) =>
        TextTokenizer.Load(folder.Write(name, Encoding.UTF8.GetBytes(content)));

    /// <summary>Devlin et al. 2019, as their code does it: clean, split words, then the longest piece first.</summary>
    private static IEnumerable<string> WordPieces(string text)
    {
        var words = new List<string> { "" };
        foreach (Rune rune in text.EnumerateRunes().SelectMany(Lower))
        {
            UnicodeCategory category = Rune.GetUnicodeCategory(rune);
            bool isSpace = rune.Value is ' ' or '\t' or '\n' or '\r' || category == UnicodeCategory.SpaceSeparator;
            if (
                !isSpace
                && category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.NonSpacingMark
            )
                continue;
            bool isAlone =
                Rune.IsPunctuation(rune)
                || rune.Value is >= 0x4E00 and < 0xA000 or >= 0x20000 and < 0x2A6E0
                || (rune.IsAscii && !Rune.IsLetterOrDigit(rune) && !isSpace);
            if (isSpace)
                words.Add("");
            else if (isAlone)
                words.AddRange([rune.ToString(), ""]);
            else
                words[^1] += rune.ToString();
        }
        return ["[CLS]", .. words.Where(w => w.Length > 0).SelectMany(Pieces), "[SEP]"];
    }

    private static IEnumerable<Rune> Lower(Rune rune) =>
        (
            rune.ToString() switch
            {
                "É" => "e",
                "ï" => "i",
                "İ" => "i",
                "한" => "\u1112\u1161\u11AB",
                var other => other.ToLowerInvariant(),
            }
        ).EnumerateRunes();

    private static List<string> Pieces(string word)
    {
        var pieces = new List<string>();
        for (int at = 0, end; at < word.Length; at = end)
        {
            string Piece(int to) => (at > 0 ? "##" : "") + word[at..to];
            end = word.Length;
            while (end > at && !TextFixtures.Vocabulary.Contains(Piece(end)))
                end--;
            if (end == at || word.Length > 100)
                return ["[UNK]"];
            pieces.Add(Piece(end));
        }
        return pieces;
    }

    /// <summary>SentencePiece's schema: pieces (1) of text, score and type; the trainer's kind (2.3).</summary>
    private static byte[] SentencePieceModel(int kind, string[] pieces)
    {
        var model = new List<byte>();
        for (int i = 0; i < pieces.Length; i++)
        {
            var score = new byte[4];
            BinaryPrimitives.WriteSingleLittleEndian(score, -Math.Max(0, i - 3));
            byte[] text = Encoding.UTF8.GetBytes(pieces[i]),
                type = i == 0 ? [0x18, 2]
                : i < 3 ? [0x18, 3]
                : [];
            byte[] piece = [0x0A, (byte)text.Length, .. text, 0x15, .. score, .. type];
            model.AddRange([0x0A, (byte)piece.Length, .. piece]);
        }
        byte[] name = Encoding.UTF8.GetBytes("identity"),
            normalizer = [0x0A, (byte)name.Length, .. name, 0x18, 1, 0x20, 1, 0x28, 1];
        return [.. model, 0x12, 2, 0x18, (byte)kind, 0x1A, (byte)normalizer.Length, .. normalizer];
    }
}
