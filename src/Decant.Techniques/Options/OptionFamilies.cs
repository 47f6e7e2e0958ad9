using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Techniques;

/// <summary>
/// A record of options that is one of several kinds, such as a pruning criterion. Recipes choose it by its name, and
/// give its own options beside.
/// </summary>
public abstract record NamedOptions
{
    /// <summary>The name in recipes.</summary>
    public abstract string Name { get; }

    /// <summary>The name, with the options that differ from their defaults: obs(samples: 512).</summary>
    public sealed override string ToString() => NamedText.Write(this);
}

/// <summary>Named options as one text, such as obs(samples: 512).</summary>
internal static class NamedText
{
    /// <summary>The text.</summary>
    public static string Write(NamedOptions options)
    {
        IReadOnlyList<OptionEntry> entries = OptionSchema.Of(options.GetType()).Write(options);
        return entries.Count == 0
            ? options.Name
            : $"{options.Name}({string.Join(", ", entries.Select(e => $"{e.Key}: {e.Text}"))})";
    }

    /// <summary>Reads what <see cref="Write"/> makes of one of some members.</summary>
    /// <exception cref="OptionsException">There is none of that name, or an option is wrong.</exception>
    public static T Parse<T>(string text, IReadOnlyList<T> members)
        where T : NamedOptions
    {
        int open = text.IndexOf('(', StringComparison.Ordinal);
        string name = (open < 0 ? text : text[..open]).Trim();
        T member = members.FirstOrDefault(m => m.Name == name)
            ?? throw new OptionsException(
                null,
                $"'{name}' must be one of {string.Join(", ", members.Select(m => m.Name))}"
            );
        if (open < 0)
            return member;
        if (!text.EndsWith(')'))
            throw new OptionsException(null, $"'{text}' must end with ')'");
        var source = new OptionTexts($"option of '{name}'", ReadOptions(text[(open + 1)..^1]));
        return (T)OptionSchema.Of(member.GetType()).Read(source, OptionFamilies.None);
    }

    private static Dictionary<string, string> ReadOptions(string text)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string part in OptionTexts.Split(text))
            if (part.Split(':', StringSplitOptions.TrimEntries) is not [var key, var value])
                throw new OptionsException(null, $"'{part}' must be an option and its value, such as samples: 512");
            else if (!options.TryAdd(key, value))
                throw new OptionsException(key, $"'{key}' is given twice");
        return options;
    }
}

/// <summary>The members of families that recipes can name.</summary>
internal sealed class OptionFamilies
{
    private readonly ImmutableDictionary<Type, ImmutableSortedDictionary<string, NamedOptions>> families;

    private OptionFamilies(ImmutableDictionary<Type, ImmutableSortedDictionary<string, NamedOptions>> families) =>
        this.families = families;

    /// <summary>No families.</summary>
    public static OptionFamilies None { get; } =
        new(ImmutableDictionary<Type, ImmutableSortedDictionary<string, NamedOptions>>.Empty);

    /// <summary>These and one member more.</summary>
    public OptionFamilies With(Type family, NamedOptions member)
    {
        var members = families.GetValueOrDefault(
            family,
            ImmutableSortedDictionary<string, NamedOptions>.Empty.WithComparers(StringComparer.Ordinal)
        );
        return new OptionFamilies(families.SetItem(family, members.SetItem(member.Name, member)));
    }

    /// <summary>The names of a family's members, in order.</summary>
    public IEnumerable<string> Names(Type family) => families[family].Keys;

    /// <summary>The member of a name, with its own defaults.</summary>
    /// <exception cref="OptionsException">There is none of that name.</exception>
    public NamedOptions Find(Type family, string key, string name) =>
        families[family].GetValueOrDefault(name)
        ?? throw new OptionsException(key, $"'{key}: {name}' must be one of {string.Join(", ", Names(family))}");
}
