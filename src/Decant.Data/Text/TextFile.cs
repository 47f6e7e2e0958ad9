using System.Globalization;
using System.Text.Json;
using Decant.Core;

namespace Decant.Data;

/// <summary>
/// Reads sentences from files: .txt, a sentence a line; .tsv, a sentence, or sentence TAB class, or score TAB sentence
/// TAB sentence; .jsonl, an object a line. UTF-8.
/// </summary>
internal sealed class TextFile
{
    private static readonly string[] TextKeys = ["text", "sentence"],
        PairKeys = ["sentence1", "sentence2", "score"];

    private readonly string path;
    private readonly TextOptions options;
    private readonly List<string> sentences = [],
        notes = [];
    private readonly List<long> labels = [];
    private readonly List<float> scores = [];
    private int columns;

    private TextFile(string path, TextOptions options) => (this.path, this.options) = (path, options);

    /// <summary>Whether a path is that of a text file.</summary>
    public static bool IsOne(string path) => Path.GetExtension(path).ToLowerInvariant() is ".txt" or ".tsv" or ".jsonl";

    /// <summary>Reads and tokenizes a file.</summary>
    /// <param name="name">What messages call the source.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">The tokenizer, and how long sentences may be.</param>
    /// <param name="classes">How many classes there are; null for one more than the largest.</param>
    /// <exception cref="DataException">It cannot be read; the line is named.</exception>
    public static TextSource Open(string name, string path, TextOptions options, int? classes = null)
    {
        var file = new TextFile(path, options);
        file.Read();
        if (file.sentences.Count == 0)
            throw new DataException($"{path} holds no sentence");
        return new TextSource(name, file.sentences, options, file.Targets(), classes, file.notes);
    }

    private List<KeyValuePair<string, Tensor>> Targets()
    {
        if (labels.Count > 0)
            return [new("label", Tensor.Vector(labels.ToArray()))];
        if (scores.Count == 0)
            return [];
        long[] pairs = [.. Enumerable.Range(0, sentences.Count).Select(i => (long)i / 2)];
        return
        [
            new(Embedding.PairTarget, Tensor.Vector(pairs)),
            new(Embedding.ScoreTarget, Tensor.Vector(Array.ConvertAll(pairs, p => scores[(int)p]))),
        ];
    }

    private void Read()
    {
        string kind = Path.GetExtension(path).ToLowerInvariant();
        int blank = 0;
        foreach (var (number, line) in TextLines.Of(path))
            if (string.IsNullOrWhiteSpace(line))
                blank++;
            else if (kind == ".jsonl")
                AddObject(line, number);
            else if (kind == ".tsv")
                AddColumns(line, number);
            else
                sentences.Add(line);
        if (blank > 0)
            notes.Add($"{path}: {blank} blank lines are left out");
    }

    private void AddColumns(string line, int number)
    {
        string[] parts = line.Split('\t');
        if (columns == 0)
            columns = parts.Length;
        if (parts.Length != columns || columns > 3)
            throw Wrong(
                number,
                $"{parts.Length} columns; "
                    + (columns > 3 ? "" : $"{columns} as in the first line is expected, ")
                    + "a sentence, sentence TAB class, or score TAB sentence TAB sentence"
            );
        bool isFirst = sentences.Count == 0 && notes.Count == 0;
        if (columns == 1)
            sentences.Add(parts[0]);
        else if (columns == 2 && Class(parts[1]) is { } label)
            Add(parts[0], label);
        else if (columns == 3 && Score(parts[0]) is { } score)
            AddPair(parts[1], parts[2], score);
        else if (isFirst)
            notes.Add($"{path}: the first line is taken for names of columns: '{line.Replace('\t', ' ')}'");
        else
            throw Wrong(
                number,
                columns == 2
                    ? $"'{parts[1]}' is no class; a whole number from 0 is expected after the sentence"
                    : $"'{parts[0]}' is no score; a number is expected before the two sentences"
            );
    }

    private void AddObject(string line, int number)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement example = document.RootElement;
            if (example.ValueKind != JsonValueKind.Object)
                throw Wrong(number, "an object is expected, such as {\"text\": \"…\"}");
            if (options.TextKey is null && PairKeys.All(k => example.TryGetProperty(k, out _)))
            {
                if (example.GetProperty(PairKeys[2]) is not { ValueKind: JsonValueKind.Number } score)
                    throw Wrong(number, "'score' is no number");
                AddPair(String(example, PairKeys[0], number), String(example, PairKeys[1], number), score.GetSingle());
                return;
            }
            string text = options.TextKey ?? Array.Find(TextKeys, k => example.TryGetProperty(k, out _)) ?? TextKeys[0];
            string sentence = String(example, text, number);
            if (LabelOf(example, number) is { } label)
                Add(sentence, label);
            else
                sentences.Add(sentence);
        }
        catch (JsonException e)
        {
            throw Wrong(number, $"no JSON ({e.Message.ReplaceLineEndings(" ")})");
        }
        CheckTargets(number);
    }

    private long? LabelOf(JsonElement example, int number)
    {
        string key = options.LabelKey ?? "label";
        if (!example.TryGetProperty(key, out JsonElement value))
            return options.LabelKey is null ? null : throw Wrong(number, $"there is no key '{key}'");
        return
            value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out long label)
            && label is >= 0 and < int.MaxValue
            ? label
            : throw Wrong(number, $"'{key}' is {value}; a class is a whole number from 0");
    }

    private string String(JsonElement example, string key, int number) =>
        example.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw Wrong(
                number,
                $"there is no text under key '{key}'; there are "
                    + string.Join(", ", example.EnumerateObject().Select(p => $"'{p.Name}'"))
            );

    /// <summary>Either all sentences have a class, or all are of scored pairs, or none has anything.</summary>
    private void CheckTargets(int number)
    {
        if (labels.Count != 0 && labels.Count != sentences.Count)
            throw Wrong(number, "some sentences have a class and some have none; all or none would work");
        if (scores.Count != 0 && 2 * scores.Count != sentences.Count)
            throw Wrong(number, "some lines are scored pairs and some are not; all or none would work");
    }

    private void Add(string sentence, long label)
    {
        sentences.Add(sentence);
        labels.Add(label);
    }

    private void AddPair(string first, string second, float score)
    {
        sentences.AddRange([first, second]);
        scores.Add(score);
    }

    private static long? Class(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int label) ? label : null;

    private static float? Score(string text) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float score) && float.IsFinite(score)
            ? score
            : null;

    private DataException Wrong(int line, string what) => new($"{path}, line {line}: {what}");
}
