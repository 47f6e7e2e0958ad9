using System.Text;
using System.Text.Json;
using Decant.Core;

namespace Decant.Data;

/// <summary>
/// Lists of images: .csv, a path or path,class a line, after a first line that may name the columns; .jsonl, an object
/// a line with path (image, file, file_name) and label (class), if there is one. UTF-8.
/// </summary>
internal sealed class ImageList
{
    private static readonly string[] PathKeys = ["path", "image", "file", "file_name", "filename"],
        LabelKeys = ["label", "class"];

    private readonly string path;
    private int pathColumn,
        labelColumn = 1,
        columns;

    private ImageList(string path) => this.path = path;

    /// <summary>The images, as they are written.</summary>
    public List<string> Paths { get; } = [];

    /// <summary>The class of each; empty where none has one.</summary>
    public List<string> Labels { get; } = [];

    /// <summary>What was left out or guessed.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>
    /// Whether a file is a list of images: a .csv file, or a .jsonl file whose first line has a path.
    /// </summary>
    public static bool IsOne(string path) =>
        Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".csv" => true,
            ".jsonl" => File.Exists(path) && HasPath(path),
            _ => false,
        };

    /// <exception cref="DataException">A line is not understood; it is named.</exception>
    public static ImageList Read(string path)
    {
        var list = new ImageList(path);
        bool isCsv = Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase);
        foreach (var (number, line) in TextLines.Of(path))
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            if (isCsv)
                list.AddColumns(line, number);
            else
                list.AddObject(line, number);
            if (list.Labels.Count != 0 && list.Labels.Count != list.Paths.Count)
                throw list.Wrong(number, "some images have a class and some have none; all or none would work");
        }
        return list.Paths.Count > 0 ? list : throw new DataException($"{path} lists no image");
    }

    private void AddColumns(string line, int number)
    {
        List<string> parts = Split(line, number);
        if (columns == 0)
        {
            columns = parts.Count;
            int named = parts.FindIndex(p => PathKeys.Contains(p.ToLowerInvariant()));
            if (named >= 0)
            {
                pathColumn = named;
                labelColumn = parts.FindIndex(p => LabelKeys.Contains(p.ToLowerInvariant()));
                return;
            }
            if (columns > 2)
                throw Wrong(number, $"{columns} columns; path, or path,class is expected, or a first line with names");
        }
        if (parts.Count != columns)
            throw Wrong(number, $"{parts.Count} columns; {columns} as in the first line is expected");
        Add(parts[pathColumn], labelColumn >= 0 && labelColumn < columns ? parts[labelColumn] : null, number);
    }

    private void AddObject(string line, int number)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement example = document.RootElement;
            if (example.ValueKind != JsonValueKind.Object)
                throw Wrong(number, "an object is expected, such as {\"path\": \"…\", \"label\": 0}");
            string image = Under(example, PathKeys) is { ValueKind: JsonValueKind.String } text
                ? text.GetString()!
                : throw Wrong(number, $"there is no text under {string.Join(", ", PathKeys)}");
            JsonElement? label = Under(example, LabelKeys);
            if (label is { ValueKind: not (JsonValueKind.String or JsonValueKind.Number) })
                throw Wrong(number, $"{label} is no class; a name or a whole number from 0 is expected");
            Add(image, label?.ToString(), number);
        }
        catch (JsonException e)
        {
            throw Wrong(number, $"no JSON ({e.Message.ReplaceLineEndings(" ")})");
        }
    }

    private void Add(string image, string? label, int number)
    {
        if (image.Length == 0)
            throw Wrong(number, "the path is empty");
        Paths.Add(image);
        if (label is not null)
            Labels.Add(label);
    }

    /// <summary>The fields of a line; one in quotes may hold commas, and two quotes for one.</summary>
    private List<string> Split(string line, int number)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        bool isQuoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            bool isDouble = isQuoted && line[i] == '"' && i + 1 < line.Length && line[i + 1] == '"';
            if (isDouble)
                field.Append(line[++i]);
            else if (line[i] == '"')
                isQuoted = !isQuoted;
            else if (line[i] == ',' && !isQuoted)
            {
                fields.Add(field.ToString().Trim());
                field.Clear();
            }
            else
                field.Append(line[i]);
        }
        if (isQuoted)
            throw Wrong(number, "a quote is not closed");
        fields.Add(field.ToString().Trim());
        return fields;
    }

    private static JsonElement? Under(JsonElement example, string[] keys)
    {
        foreach (string key in keys)
            if (example.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null)
                return value;
        return null;
    }

    private static bool HasPath(string path)
    {
        try
        {
            string? line = TextLines.Of(path).FirstOrDefault(l => !string.IsNullOrWhiteSpace(l.Line)).Line;
            using JsonDocument document = JsonDocument.Parse(line ?? "");
            return document.RootElement.ValueKind == JsonValueKind.Object
                && Under(document.RootElement, PathKeys) is { ValueKind: JsonValueKind.String };
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private DataException Wrong(int line, string what) => new($"{path}, line {line}: {what}");
}
