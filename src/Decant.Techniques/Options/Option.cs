using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Decant.Core;

namespace Decant.Techniques;

/// <summary>How the value of an option is written.</summary>
internal enum OptionLayout
{
    /// <summary>One text: a number, a word, or what the type's Parse reads.</summary>
    Text,

    /// <summary>A list of texts.</summary>
    List,

    /// <summary>A record of options, in a map of its own.</summary>
    Map,

    /// <summary>A record of options, whose keys lie beside the others and begin with a prefix.</summary>
    Group,

    /// <summary>A member of a family, by its name, with its own options beside it.</summary>
    Family,
}

/// <summary>One property of a record of options.</summary>
internal sealed class Option
{
    private readonly PropertyInfo property;

    public Option(PropertyInfo property)
    {
        this.property = property;
        Type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        Key = property.GetCustomAttribute<OptionKeyAttribute>()?.Key ?? Kebab(property.Name);
        Aliases = property.GetCustomAttribute<AliasAttribute>()?.Words ?? [];
        Range = property.GetCustomAttribute<OptionRangeAttribute>();
        OnlyWith = property.GetCustomAttribute<OnlyWithAttribute>();
        IsRequired = property.IsDefined(typeof(RequiredMemberAttribute));
        Prefix = property.GetCustomAttribute<OptionPrefixAttribute>()?.Prefix;
        Layout = Prefix is null ? LayoutOf(Type) : OptionLayout.Group;
    }

    public string Name => property.Name;

    /// <summary>The type, of a nullable one that inside.</summary>
    public Type Type { get; }

    public string Key { get; }

    public IReadOnlyList<string> Aliases { get; }

    public OptionRangeAttribute? Range { get; }

    public OnlyWithAttribute? OnlyWith { get; }

    public bool IsRequired { get; }

    /// <summary>What the keys of a group begin with; null for other options.</summary>
    public string? Prefix { get; }

    public OptionLayout Layout { get; }

    public bool IsNullable =>
        Nullable.GetUnderlyingType(property.PropertyType) is not null
        || new NullabilityInfoContext().Create(property).ReadState == NullabilityState.Nullable;

    public object? Get(object options) => property.GetValue(options);

    public void Set(object options, object? value) => property.SetValue(options, value);

    /// <summary>The words of a name, with lines between: WarmUp is warm-up.</summary>
    public static string Kebab(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);

    private static OptionLayout LayoutOf(Type type)
    {
        if (type.IsAbstract)
            return OptionLayout.Family;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueList<>))
            return OptionLayout.List;
        return OptionText.CanRead(type) ? OptionLayout.Text : OptionLayout.Map;
    }
}
