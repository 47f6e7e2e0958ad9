using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Decant.Core;
using Microsoft.ML.Tokenizers;

namespace Decant.Data;

/// <summary>
/// Splits text into the tokens that a network was trained on, by the vocabulary that came with it: WordPiece,
/// byte-level BPE or SentencePiece. Nothing changes after it is loaded, and several threads may use it.
/// </summary>
public sealed class TextTokenizer
{
    // Vocabularies of a million tokens take a tenth of this.
    private const long LargestFile = 256 << 20;

    // All but the last are in every vocabulary.
    private static readonly string[] WordPieceMarks = ["[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]"];

    private readonly Func<string, IReadOnlyList<int>> encode;
    private readonly ImmutableArray<int> before,
        after;

    private TextTokenizer(
        string path,
        Func<string, IReadOnlyList<int>> encode,
        IReadOnlyDictionary<string, int> vocabulary,
        (string?[] Before, string?[] After, string?[] Padding) special
    )
    {
        this.encode = encode;
        Name = Path.GetFileName(path);
        LargestId = vocabulary.Count == 0 ? throw Damaged(path, "it holds no token") : vocabulary.Values.Max();
        int[] Ids(string?[] tokens) =>
            [.. tokens.Where(t => t is not null && vocabulary.ContainsKey(t)).Select(t => vocabulary[t!])];
        (before, after) = ([.. Ids(special.Before)], [.. Ids(special.After)]);
        PaddingId = Ids(special.Padding).FirstOrDefault();
    }

    /// <summary>The file's name, for messages.</summary>
    public string Name { get; }

    /// <summary>The id that sentences are padded with: that of [PAD] or &lt;pad&gt;; 0 where there is none.</summary>
    public int PaddingId { get; }

    /// <summary>The largest id of the vocabulary.</summary>
    public int LargestId { get; }

    /// <summary>SHA-256 of the vocabulary's files, in lowercase hexadecimal digits.</summary>
    public string Fingerprint { get; private init; } = "";

    /// <summary>Loads a vocabulary.</summary>
    /// <param name="path">One of:
    /// a WordPiece vocabulary (.txt, a token a line), which gives sentences [CLS] and [SEP], and is of text in lower
    /// case without accents unless a token of it has an upper-case letter;
    /// a byte-level BPE vocabulary (.json) beside its merges.txt, which gives them &lt;s&gt; and &lt;/s&gt; where it
    /// has those;
    /// a SentencePiece model (.model), which gives them the beginning and the end that it defines.</param>
    /// <exception cref="DataException">There is no such file, it is damaged, or of another kind.</exception>
    public static TextTokenizer Load(string path)
    {
        byte[] file = Read(path);
        try
        {
            return Path.GetExtension(path).ToLowerInvariant() switch
            {
                ".txt" => WordPiece(path, file),
                ".json" => BytePairs(path, file),
                ".model" => SentencePieces(path, file),
                _ => throw new DataException(
                    $"{path} is no tokenizer: a WordPiece vocabulary (.txt), a BPE vocabulary (.json, with merges.txt "
                        + "beside it) or a SentencePiece model (.model) would work"
                ),
            };
        }
        // What the parsers of vocabularies throw is not documented.
        catch (Exception e) when (e is not (DecantException or OutOfMemoryException))
        {
            throw Damaged(path, e.Message.ReplaceLineEndings(" "), e);
        }
    }

    /// <summary>The ids of a sentence, with those that mark its beginning and end.</summary>
    /// <param name="text">The sentence.</param>
    /// <param name="maxLength">The most ids; 0 for any number. What is too much is left out before the
    /// end mark.</param>
    public int[] Encode(string text, int maxLength = 0) => Encode(text, maxLength, out _);

    /// <inheritdoc cref="Encode(string, int)"/>
    /// <param name="text">The sentence.</param>
    /// <param name="maxLength">The most ids; 0 for any number.</param>
    /// <param name="isTruncated">Whether there were more.</param>
    internal int[] Encode(string text, int maxLength, out bool isTruncated)
    {
        IReadOnlyList<int> ids = encode(text);
        int most = maxLength == 0 ? int.MaxValue : Math.Max(0, maxLength - before.Length - after.Length);
        isTruncated = ids.Count > most;
        return [.. before, .. ids.Take(most), .. after];
    }

    private static TextTokenizer WordPiece(string path, byte[] file)
    {
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        using (var reader = new StreamReader(new MemoryStream(file)))
            while (reader.ReadLine() is { } line)
                if (!vocabulary.TryAdd(line, vocabulary.Count))
                    throw Damaged(path, $"line {vocabulary.Count + 1}: token '{line}' is there twice");
        foreach (string token in WordPieceMarks[..^1])
            if (!vocabulary.ContainsKey(token))
                throw Damaged(path, $"it has no token {token}, which every WordPiece vocabulary has");
        bool isCased = vocabulary.Keys.Any(t => t is not ['[', .., ']'] && t.Any(c => char.ToLowerInvariant(c) != c));
        // BertTokenizer loses symbols such as € and emoji, so that words are split before.
        var tokenizer = WordPieceTokenizer.Create(
            new MemoryStream(file),
            new WordPieceOptions { PreTokenizer = PreTokenizer.CreateWhiteSpace() }
        );
        var text = new WordPieceText(folds: !isCased, [.. WordPieceMarks.Where(vocabulary.ContainsKey)]);
        return new TextTokenizer(
            path,
            s => tokenizer.EncodeToIds(text.Words(s)),
            vocabulary,
            (["[CLS]"], ["[SEP]"], ["[PAD]"])
        )
        {
            Fingerprint = Hash(file),
        };
    }

    private static TextTokenizer BytePairs(string path, byte[] file)
    {
        string merges = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "merges.txt");
        if (Path.GetFileName(path) == "tokenizer.json" || !File.Exists(merges))
            throw new DataException(
                $"{path}: a BPE vocabulary is vocab.json with merges.txt beside it"
                    + (Path.GetFileName(path) == "tokenizer.json" ? "; tokenizer.json is not read" : "")
            );
        byte[] pairs = Read(merges);
        Dictionary<string, int> vocabulary = JsonSerializer.Deserialize<Dictionary<string, int>>(file)
            ?? throw Damaged(path, "it holds no token");
        if (vocabulary.Keys.Any(t => t.EndsWith("</w>", StringComparison.Ordinal)))
            throw new DataException(
                $"{path}: BPE with marks at the end of words (</w>) is not read; byte-level BPE is"
            );
        string? unknown = vocabulary.ContainsKey("<unk>") ? "<unk>" : null;
        BpeTokenizer tokenizer = BpeTokenizer.Create(
            new BpeOptions(vocabulary)
            {
                Merges = MergesOf(pairs),
                ByteLevel = true,
                PreTokenizer = RobertaPreTokenizer.Instance,
                UnknownToken = unknown,
            }
        );
        return new TextTokenizer(
            path,
            s => tokenizer.EncodeToIds(s),
            vocabulary,
            (["<s>"], ["</s>"], ["<pad>", "<|endoftext|>"])
        )
        {
            Fingerprint = Hash(file, pairs),
        };
    }

    /// <summary>Two tokens a line; the first line may name a version.</summary>
    private static List<string> MergesOf(byte[] file)
    {
        var merges = new List<string>();
        using var reader = new StreamReader(new MemoryStream(file));
        while (reader.ReadLine() is { } line)
            if (line.Length > 0 && !line.StartsWith("#version", StringComparison.Ordinal))
                merges.Add(line);
        return merges;
    }

    private static TextTokenizer SentencePieces(string path, byte[] file)
    {
        SentencePieceTokenizer tokenizer = SentencePieceTokenizer.Create(
            new MemoryStream(file),
            addBeginningOfSentence: false,
            addEndOfSentence: false
        );
        return new TextTokenizer(
            path,
            s => tokenizer.EncodeToIds(s, addBeginningOfSentence: false, addEndOfSentence: false),
            tokenizer.Vocabulary,
            ([tokenizer.BeginningOfSentenceToken], [tokenizer.EndOfSentenceToken], ["<pad>", "[PAD]"])
        )
        {
            Fingerprint = Hash(file),
        };
    }

    private static byte[] Read(string path)
    {
        try
        {
            var info = new FileInfo(path);
            if (!info.Exists)
                throw new DataException($"there is no tokenizer file {path}");
            return info.Length <= LargestFile
                ? File.ReadAllBytes(path)
                : throw new DataException($"{path} has {info.Length:N0} bytes: no tokenizer has so many");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"cannot read {path}: {e.Message}", e);
        }
    }

    private static string Hash(params ReadOnlySpan<byte[]> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (byte[] file in files)
            hash.AppendData(file);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static DataException Damaged(string path, string why, Exception? cause = null) =>
        new($"tokenizer {path} cannot be used: {why}", cause!);
}
