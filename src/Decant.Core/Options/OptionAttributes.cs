namespace Decant.Core;

/// <summary>
/// The range of a number among options. The number must be finite and lie between the bounds, both included.
/// </summary>
/// <param name="least">The least value.</param>
/// <param name="most">The greatest value.</param>
[AttributeUsage(AttributeTargets.Property)]
public class OptionRangeAttribute(double least, double most) : Attribute
{
    /// <summary>The least value.</summary>
    public double Least { get; } = least;

    /// <summary>The greatest value.</summary>
    public double Most { get; } = most;
}

/// <summary>The range of an option that is a share of something. As text it may be a percentage, such as 90%.</summary>
/// <param name="least">The least share.</param>
/// <param name="most">The greatest share.</param>
public sealed class ShareAttribute(double least = 0, double most = 1) : OptionRangeAttribute(least, most);

/// <summary>The key of an option, where it is not the property's name in kebab case.</summary>
/// <param name="key">The key.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OptionKeyAttribute(string key) : Attribute
{
    /// <summary>The key.</summary>
    public string Key { get; } = key;
}

/// <summary>Other words that are read for a key or for the value of an enumeration, but never written.</summary>
/// <param name="words">The words.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class AliasAttribute(params string[] words) : Attribute
{
    /// <summary>The words.</summary>
    public IReadOnlyList<string> Words { get; } = words;
}

/// <summary>An option that has an effect only where another option of the same record has one of some values.</summary>
/// <param name="property">The name of the other property.</param>
/// <param name="values">Its values.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OnlyWithAttribute(string property, params object[] values) : Attribute
{
    /// <summary>The name of the other property.</summary>
    public string Property { get; } = property;

    /// <summary>Its values.</summary>
    public IReadOnlyList<object> Values { get; } = values;
}

/// <summary>
/// A record of options inside another, which may be null. Its keys lie beside those of the other, with a prefix.
/// </summary>
/// <param name="prefix">The prefix, such as "elastic-".</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OptionPrefixAttribute(string prefix) : Attribute
{
    /// <summary>The prefix.</summary>
    public string Prefix { get; } = prefix;
}

/// <summary>A property of an options record that is set by code alone and has no key.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NoOptionAttribute : Attribute;

/// <summary>Options whose properties must agree with each other.</summary>
public interface IOptions
{
    /// <summary>Checks what the properties' attributes cannot say.</summary>
    /// <exception cref="OptionsException">Options contradict each other, or one is missing.</exception>
    void Validate();
}
