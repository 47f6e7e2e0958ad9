using System.Globalization;
using Decant.Core;
using Decant.Techniques;
using YamlDotNet.RepresentationModel;

namespace Decant.Pipelines;

/// <summary>
/// A mapping of YAML whose keys are read by name; a key that nobody reads is an error at its line.
/// </summary>
internal sealed class YamlMap
{
    private readonly Dictionary<string, (YamlNode Key, YamlNode Value)> entries = new(StringComparer.Ordinal);
    private readonly List<string> known = [];
    private readonly string what;

    public YamlMap(YamlNode node, string file, string what)
    {
        (File, Line, this.what) = (file, (int)node.Start.Line, what);
        if (node is not YamlMappingNode map)
            throw Error(Line, $"{what} must be 'key: value' lines");
        foreach (var (key, value) in map)
            entries[
                key is YamlScalarNode { Value: { } name }
                    ? name
                    : throw Error((int)key.Start.Line, "a key must be a word")
            ] = (key, value);
    }

    public string File { get; }

    public int Line { get; }

    public IEnumerable<string> Keys => entries.Keys;

    public bool Has(string name)
    {
        known.Add(name);
        return entries.ContainsKey(name);
    }

    public bool IsList(string name) => Has(name) && entries[name].Value is YamlSequenceNode;

    public RecipeException Error(string? key, string message) =>
        Error(key is not null && entries.TryGetValue(key, out var e) ? (int)e.Key.Start.Line : Line, message);

    public string Text(string name, string? otherwise = null)
    {
        if (!Has(name))
            return otherwise ?? throw Error(Line, $"{what} needs '{name}'");
        return entries[name].Value is YamlScalarNode { Value: { } text }
            ? text
            : throw Error(name, $"'{name}' must be one value");
    }

    public double Number(string name, double low, double high, double otherwise)
    {
        if (!Has(name))
            return otherwise;
        string text = Text(name);
        if (
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double v)
            && v >= low
            && v <= high
        )
            return v;
        string hint = text.EndsWith('%') ? "; write a percentage as a fraction, such as 0.92" : "";
        throw Error(name, $"'{name}: {text}' must be a number from {low} to {high}{hint}");
    }

    public int Integer(string name, int low, int high, int otherwise)
    {
        if (!Has(name))
            return otherwise;
        string text = Text(name);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int v) && v >= low && v <= high
            ? v
            : throw Error(name, $"'{name}: {text}' must be a whole number from {low} to {high}, without a unit");
    }

    public IReadOnlyList<string> Texts(string name)
    {
        if (!Has(name))
            throw Error(Line, $"{what} needs '{name}'");
        return entries[name].Value switch
        {
            YamlScalarNode { Value: { } one } => [one],
            YamlSequenceNode list =>
            [
                .. list.Select(n =>
                    (n as YamlScalarNode)?.Value ?? throw Error(name, $"'{name}' must be a list of words")
                ),
            ],
            _ => throw Error(name, $"'{name}' must be a word or a list of words"),
        };
    }

    public YamlMap? Map(string name) => Has(name) ? new YamlMap(entries[name].Value, File, $"'{name}'") : null;

    public IReadOnlyList<YamlMap> Maps(string name)
    {
        if (!Has(name))
            throw Error(Line, $"{what} needs '{name}'");
        return entries[name].Value is YamlSequenceNode list
            ? [.. list.Select(n => new YamlMap(n, File, $"an entry of '{name}'"))]
            : throw Error(name, $"'{name}' must be a list");
    }

    public void EnsureAllKnown()
    {
        foreach (string name in entries.Keys)
            if (!known.Contains(name))
                throw Error(
                    name,
                    $"'{name}' is no key of {what}; there are: "
                        + string.Join(", ", known.Distinct(StringComparer.Ordinal))
                );
    }

    private RecipeException Error(int line, string message) => new(File, line, message);
}

/// <summary>The options in a mapping of YAML.</summary>
/// <param name="map">The mapping.</param>
/// <param name="what">What a key is, such as "option of this technique".</param>
/// <param name="where">What errors begin with.</param>
/// <param name="besides">A key that is no option.</param>
internal sealed class YamlOptions(YamlMap map, string what, string where = "", string? besides = null) : IOptionSource
{
    /// <inheritdoc/>
    public string What => what;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => map.Keys.Where(k => k != besides);

    /// <inheritdoc/>
    public string Text(string key) => map.Text(key);

    /// <inheritdoc/>
    public IReadOnlyList<string> Texts(string key) =>
        map.IsList(key) ? map.Texts(key) : OptionTexts.Split(map.Text(key));

    /// <inheritdoc/>
    public IOptionSource Map(string key) => new YamlOptions(map.Map(key)!, $"key of '{key}'", where);

    /// <inheritdoc/>
    public DecantException Error(string? key, string message) => map.Error(key, where + message);
}
