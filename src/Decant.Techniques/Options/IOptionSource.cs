using Decant.Core;

namespace Decant.Techniques;

/// <summary>Where options are read from: keys with values, and how an error at a key is made.</summary>
public interface IOptionSource
{
    /// <summary>What a key is, for errors about unknown ones, such as "option of this technique".</summary>
    string What { get; }

    /// <summary>The keys that are given.</summary>
    IEnumerable<string> Keys { get; }

    /// <summary>The single value of a key.</summary>
    /// <exception cref="DecantException">It is a list or a map.</exception>
    string Text(string key);

    /// <summary>The values of a key: a list, or one text with commas between.</summary>
    /// <exception cref="DecantException">It is a map, or an element is no text.</exception>
    IReadOnlyList<string> Texts(string key);

    /// <summary>The options inside the value of a key.</summary>
    /// <exception cref="DecantException">It is no map.</exception>
    IOptionSource Map(string key);

    /// <summary>An error about a key, or about all of the options.</summary>
    DecantException Error(string? key, string message);
}

/// <summary>Options given as texts by key.</summary>
/// <param name="what">What a key is, such as "key of 'augment'".</param>
/// <param name="values">The texts by key.</param>
public sealed class OptionTexts(string what, IReadOnlyDictionary<string, string> values) : IOptionSource
{
    /// <inheritdoc/>
    public string What => what;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => values.Keys;

    /// <inheritdoc/>
    public string Text(string key) => values[key];

    /// <inheritdoc/>
    public IReadOnlyList<string> Texts(string key) => Split(values[key]);

    /// <inheritdoc/>
    public IOptionSource Map(string key) => throw Error(key, $"'{key}: {values[key]}' must be 'key: value' lines");

    /// <inheritdoc/>
    public DecantException Error(string? key, string message) => new OptionsException(key, message);

    /// <summary>The parts of a text between commas, without blanks around them.</summary>
    public static IReadOnlyList<string> Split(string text) =>
        text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>The options of a source whose keys begin with a prefix, without it.</summary>
internal sealed class PrefixedOptions(IOptionSource source, string prefix) : IOptionSource
{
    /// <inheritdoc/>
    public string What => source.What;

    /// <inheritdoc/>
    public IEnumerable<string> Keys =>
        source.Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal)).Select(k => k[prefix.Length..]);

    /// <inheritdoc/>
    public string Text(string key) => source.Text(prefix + key);

    /// <inheritdoc/>
    public IReadOnlyList<string> Texts(string key) => source.Texts(prefix + key);

    /// <inheritdoc/>
    public IOptionSource Map(string key) => source.Map(prefix + key);

    /// <inheritdoc/>
    public DecantException Error(string? key, string message) => source.Error(prefix + key, message);
}

/// <summary>An option as it is written: exactly one of text, items and entries is set.</summary>
/// <param name="Key">The key.</param>
public sealed record OptionEntry(string Key)
{
    /// <summary>A single value.</summary>
    public string? Text { get; init; }

    /// <summary>A list of values.</summary>
    public IReadOnlyList<string>? Items { get; init; }

    /// <summary>Options inside this one.</summary>
    public IReadOnlyList<OptionEntry>? Entries { get; init; }
}
