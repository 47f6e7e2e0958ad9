using System.Collections.Concurrent;
using System.Reflection;
using Decant.Core;

namespace Decant.Techniques;

/// <summary>
/// What keys a record of options has: one for each property that can be set, in kebab case. It reads the record from
/// keys and values, writes what differs from the defaults, and checks ranges. The default of an option is its value in
/// a new record; an option declared <c>required</c> has none and must be given.
/// </summary>
public sealed class OptionSchema
{
    private static readonly ConcurrentDictionary<Type, OptionSchema> Schemas = new();

    private readonly Type type;
    private readonly object defaults;

    private OptionSchema(Type type)
    {
        this.type = type;
        defaults = Activator.CreateInstance(type)!;
        Options =
        [
            .. Hierarchy(type)
                .SelectMany(t =>
                    t.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                )
                .Where(p => p.CanWrite && !p.IsDefined(typeof(NoOptionAttribute)))
                .Select(p => new Option(p)),
        ];
    }

    /// <summary>The options, those of base records first, in the order in which they are declared.</summary>
    internal IReadOnlyList<Option> Options { get; }

    /// <summary>The keys, without those of other records inside.</summary>
    public IEnumerable<string> Keys => Options.Select(o => o.Key);

    /// <summary>The schema of a type of options.</summary>
    public static OptionSchema Of(Type type) => Schemas.GetOrAdd(type, t => new OptionSchema(t));

    /// <summary>Reads a record.</summary>
    /// <param name="source">The keys and values.</param>
    /// <param name="others">Keys of the source that are read elsewhere.</param>
    /// <exception cref="DecantException">A key is unknown or missing, or a value is wrong.</exception>
    public object Read(IOptionSource source, params IReadOnlyList<string> others) =>
        Read(source, OptionFamilies.None, others);

    /// <summary>Reads a record that may have members of families among its options.</summary>
    internal object Read(IOptionSource source, OptionFamilies families, params IReadOnlyList<string> others)
    {
        List<string> known = [.. others];
        try
        {
            object options = Fill(source, families, known, defaults);
            foreach (string key in source.Keys)
                if (!known.Contains(key))
                    throw source.Error(key, $"'{key}' is no {source.What}; there are: {Listed(known)}");
            Check(options);
            return options;
        }
        catch (OptionsException e)
        {
            throw source.Error(e.Option, e.Message);
        }
    }

    /// <summary>What differs from the defaults, and what has none.</summary>
    public IReadOnlyList<OptionEntry> Write(object options) => [.. Differences(options, defaults)];

    /// <summary>Checks that every option is in its range, and that options agree.</summary>
    /// <exception cref="OptionsException">One is not; it is named.</exception>
    public void Check(object options)
    {
        foreach (Option option in Options)
            Check(option, options);
        if (options is IOptions rules)
            rules.Validate();
    }

    private static string Listed(IEnumerable<string> known) =>
        string.Join(", ", known.Distinct(StringComparer.Ordinal));

    private object Fill(IOptionSource source, OptionFamilies families, List<string> known, object from)
    {
        object options = Copy(from);
        foreach (Option option in Options)
        {
            if (option.Layout == OptionLayout.Group)
            {
                option.Set(options, ReadGroup(source, families, known, option) ?? option.Get(from));
                continue;
            }
            known.Add(option.Key);
            known.AddRange(option.Aliases.Where(source.Keys.Contains));
            string? key = KeyIn(source, option);
            if (option.Layout == OptionLayout.Family)
                option.Set(options, ReadMember(source, families, known, option, key, option.Get(from)!));
            else if (key is not null)
                option.Set(options, ReadValue(source, families, option, key));
            else if (option.IsRequired)
                throw new OptionsException(null, $"needs '{option.Key}', {OptionText.Allowed(option)}");
        }
        EnsureGivenHaveEffect(source, options);
        return options;
    }

    /// <summary>A copy, so that neither defaults nor members of families are ever changed.</summary>
    private object Copy(object from)
    {
        object options = Activator.CreateInstance(type)!;
        foreach (Option option in Options)
            option.Set(options, option.Get(from));
        return options;
    }

    private static string? KeyIn(IOptionSource source, Option option)
    {
        string[] given = [.. option.Aliases.Prepend(option.Key).Where(source.Keys.Contains)];
        return given.Length < 2
            ? given.FirstOrDefault()
            : throw new OptionsException(given[1], $"'{given[1]}' is another word for '{given[0]}': give one of them");
    }

    private static object ReadValue(IOptionSource source, OptionFamilies families, Option option, string key) =>
        option.Layout switch
        {
            OptionLayout.List => OptionText.ReadAll(option, key, source.Texts(key)),
            OptionLayout.Map => Of(option.Type).Read(source.Map(key), families),
            _ => OptionText.Read(option, key, source.Text(key)),
        };

    private static object? ReadGroup(IOptionSource source, OptionFamilies families, List<string> known, Option option)
    {
        OptionSchema schema = Of(option.Type);
        known.AddRange(schema.Keys.Select(k => option.Prefix + k));
        var group = new PrefixedOptions(source, option.Prefix!);
        return group.Keys.Any(schema.Keys.Contains) ? schema.Fill(group, families, [], schema.defaults) : null;
    }

    private static object ReadMember(
        IOptionSource source,
        OptionFamilies families,
        List<string> known,
        Option option,
        string? key,
        object otherwise
    )
    {
        if (key is null)
            return Of(otherwise.GetType()).Fill(source, families, known, otherwise);
        OptionSchema schema = Of(families.Find(option.Type, key, source.Text(key)).GetType());
        return schema.Fill(source, families, known, schema.defaults);
    }

    private void EnsureGivenHaveEffect(IOptionSource source, object options)
    {
        foreach (Option option in Options)
            if (KeyIn(source, option) is { } key)
                CheckEffect(option, options, key);
    }

    private void CheckEffect(Option option, object options, string key)
    {
        if (option.OnlyWith is not { } only)
            return;
        Option other = Options.First(o => o.Name == only.Property);
        if (other.Get(options) is { } value && only.Values.Contains(value))
            return;
        string words = string.Join(" or ", only.Values.Select(OptionText.Write));
        throw new OptionsException(key, $"'{key}' has an effect only with '{other.Key}: {words}'");
    }

    private void Check(Option option, object options)
    {
        object? value = option.Get(options);
        if (!Equals(value, option.Get(defaults)))
            CheckEffect(option, options, option.Key);
        if (value is null)
        {
            if (!option.IsNullable)
                throw new OptionsException(option.Key, $"'{option.Key}' must not be null");
            return;
        }
        if (!OptionText.IsAllowed(option, value))
            throw new OptionsException(
                option.Key,
                $"'{option.Key}: {OptionText.Write(value)}' must be {OptionText.Allowed(option)}"
            );
        if (option.Layout is OptionLayout.Map or OptionLayout.Group or OptionLayout.Family)
            Of(value.GetType()).Check(value);
    }

    private IEnumerable<OptionEntry> Differences(object options, object from)
    {
        foreach (Option option in Options)
        {
            object? value = option.Get(options),
                usual = option.Get(from);
            if (option.Layout == OptionLayout.Group)
                foreach (OptionEntry entry in GroupEntries(option, value))
                    yield return entry;
            else if (option.Layout == OptionLayout.Family)
                foreach (OptionEntry entry in MemberEntries(option, (NamedOptions)value!, (NamedOptions)usual!))
                    yield return entry;
            else if (option.IsRequired || !Equals(value, usual))
                yield return EntryOf(option, value!);
        }
    }

    private static IEnumerable<OptionEntry> MemberEntries(Option option, NamedOptions member, NamedOptions usual)
    {
        OptionSchema schema = Of(member.GetType());
        if (member.GetType() == usual.GetType())
            return schema.Differences(member, usual);
        return schema.Write(member).Prepend(new OptionEntry(option.Key) { Text = member.Name });
    }

    private static IEnumerable<OptionEntry> GroupEntries(Option option, object? group) =>
        group is null
            ? []
            : Of(option.Type)
                .Options.Select(o => new OptionEntry(option.Prefix + o.Key) { Text = OptionText.Write(o.Get(group)!) });

    private static OptionEntry EntryOf(Option option, object value) =>
        option.Layout switch
        {
            OptionLayout.List => new OptionEntry(option.Key) { Items = OptionText.WriteAll(value) },
            OptionLayout.Map => new OptionEntry(option.Key) { Entries = Of(option.Type).Write(value) },
            _ => new OptionEntry(option.Key) { Text = OptionText.Write(value) },
        };

    private static List<Type> Hierarchy(Type type)
    {
        var types = new List<Type>();
        for (Type? t = type; t is not null && t != typeof(object); t = t.BaseType)
            types.Insert(0, t);
        return types;
    }
}
