using System.Globalization;
using System.Text;
using Decant.Training.Data;

namespace Decant.Recipes;

/// <summary>Parts of YAML that is written.</summary>
internal static class YamlText
{
    /// <summary>A scalar in double quotes.</summary>
    public static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in text)
            if (c is '"' or '\\') quoted.Append('\\').Append(c);
            else if (char.IsControl(c) || c is '\u2028' or '\u2029' or '\ufeff') quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else quoted.Append(c);
        return quoted.Append('"').ToString();
    }

    /// <summary>Preprocessing as a map in one line.</summary>
    public static string Map(Preprocessing preprocessing) =>
        $"{{{string.Join(", ", preprocessing.ToString().Split(';').Select(e => e.Split('=')).Select(e => $"{e[0]}: \"{e[1]}\""))}}}";
}
