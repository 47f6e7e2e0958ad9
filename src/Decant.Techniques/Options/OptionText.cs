using System.Collections;
using System.Globalization;
using System.Reflection;
using Decant.Core;

namespace Decant.Techniques;

/// <summary>Values of options as texts, which read again give an equal value.</summary>
internal static class OptionText
{
    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    /// <summary>Whether values of a type have a text: numbers, words, and types with a static Parse(string).</summary>
    public static bool CanRead(Type type) =>
        type.IsEnum
        || type == typeof(bool)
        || type == typeof(int)
        || type == typeof(double)
        || type == typeof(string)
        || ParserOf(type) is not null;

    /// <summary>The text of a value.</summary>
    public static string Write(object value) =>
        value switch
        {
            bool b => b ? "true" : "false",
            Enum e => Option.Kebab(e.ToString()),
            IFormattable number => number.ToString(null, Plain),
            _ => value.ToString()!,
        };

    /// <summary>The texts of a list's elements.</summary>
    public static IReadOnlyList<string> WriteAll(object list) => [.. ((IEnumerable)list).Cast<object>().Select(Write)];

    /// <summary>Reads an option's value.</summary>
    /// <exception cref="OptionsException">The text is no such value; what would be is said.</exception>
    public static object Read(Option option, string key, string text)
    {
        Type type = option.Type;
        if (type == typeof(string))
            return text;
        if (type == typeof(bool))
            return text is "true" or "false" ? text == "true" : throw Wrong(key, text, "true or false");
        if (type == typeof(int))
            return ReadInteger(option, key, text);
        if (type == typeof(double))
            return ReadNumber(option, key, text);
        if (type.IsEnum)
            return ReadWord(type, key, text);
        return Parse(type, key, text);
    }

    /// <summary>Reads the values of an option that is a list.</summary>
    /// <exception cref="OptionsException">An element is no such value.</exception>
    public static object ReadAll(Option option, string key, IReadOnlyList<string> texts)
    {
        Type element = option.Type.GetGenericArguments()[0];
        if (element == typeof(string))
            return ValueList.Create<string>([.. texts]);
        var values = Array.CreateInstance(element, texts.Count);
        for (int i = 0; i < texts.Count; i++)
            values.SetValue(ReadWord(element, key, texts[i]), i);
        MethodInfo create = typeof(OptionText).GetMethod(nameof(ListOf), BindingFlags.Static | BindingFlags.NonPublic)!;
        return create.MakeGenericMethod(element).Invoke(null, [values])!;
    }

    /// <summary>What a number may be, such as "a whole number from 1 to 8".</summary>
    public static string Allowed(Option option)
    {
        string number = option.Type == typeof(int) ? "a whole number" : "a number";
        if (option.Type.IsEnum)
            return $"one of {string.Join(", ", Words(option.Type))}";
        if (option.Range is not { } range)
            return number;
        return range.Most == double.MaxValue
            ? $"{number} of at least {Write(range.Least)}"
            : $"{number} from {Write(range.Least)} to {Write(range.Most)}";
    }

    /// <summary>Whether a value is in the range of its option.</summary>
    public static bool IsAllowed(Option option, object value) =>
        value switch
        {
            double d => double.IsFinite(d) && (option.Range is not { } r || (d >= r.Least && d <= r.Most)),
            int i => option.Range is not { } r || (i >= r.Least && i <= r.Most),
            Enum e => Enum.IsDefined(option.Type, e),
            _ => true,
        };

    private static ValueList<T> ListOf<T>(T[] values) => ValueList.Create<T>(values);

    private static int ReadInteger(Option option, string key, string text)
    {
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, Plain, out int value) && IsAllowed(option, value))
            return value;
        string hint =
            text.Length > 0 && char.IsAsciiDigit(text[0]) && !char.IsAsciiDigit(text[^1]) ? ", without a unit" : "";
        throw Wrong(key, text, Allowed(option) + hint);
    }

    private static double ReadNumber(Option option, string key, string text)
    {
        bool isShare = option.Range is ShareAttribute;
        bool isNumber = isShare
            ? Units.TryReadShare(text, out double value)
            : double.TryParse(text, NumberStyles.Float, Plain, out value);
        if (isNumber && IsAllowed(option, value))
            return value;
        string hint = text.EndsWith('%') && !isShare ? "; write a percentage as a fraction, such as 0.92" : "";
        throw Wrong(key, text, Allowed(option) + hint);
    }

    private static object ReadWord(Type type, string key, string text)
    {
        foreach (FieldInfo field in type.GetFields(BindingFlags.Public | BindingFlags.Static))
            if (
                Option.Kebab(field.Name) == text
                || field.GetCustomAttribute<AliasAttribute>()?.Words.Contains(text, StringComparer.Ordinal) == true
            )
                return field.GetValue(null)!;
        throw Wrong(key, text, $"one of {string.Join(", ", Words(type))}");
    }

    private static IEnumerable<string> Words(Type type) => Enum.GetNames(type).Select(Option.Kebab);

    private static object Parse(Type type, string key, string text)
    {
        try
        {
            return ParserOf(type)!.Invoke(null, [text])!;
        }
        catch (TargetInvocationException e) when (e.InnerException is DecantException inner)
        {
            string between = inner.Message.StartsWith("must ", StringComparison.Ordinal) ? " " : ": ";
            throw new OptionsException(key, $"'{key}: {text}'{between}{inner.Message}");
        }
    }

    private static MethodInfo? ParserOf(Type type) =>
        type.GetMethod("Parse", BindingFlags.Public | BindingFlags.Static, [typeof(string)]) is { } method
        && method.ReturnType == type
            ? method
            : null;

    private static OptionsException Wrong(string key, string text, string allowed) =>
        new(key, $"'{key}: {text}' must be {allowed}");
}
