using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Decant.Core;
using Decant.Data;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Decant.Pipelines;

/// <summary>YAML as it is read, with limits, and parts of it as they are written.</summary>
internal static partial class YamlText
{
    private const int MaxDepth = 64;

    /// <summary>The text of a file that commands write.</summary>
    /// <param name="path">The file.</param>
    /// <param name="most">The most bytes that it may have.</param>
    /// <param name="what">What it is, such as "a file of statistics".</param>
    /// <param name="writer">What writes such files, such as "decant stats".</param>
    /// <exception cref="DecantException">It is not there, or too long.</exception>
    public static string ReadFile(string path, int most, string what, string writer)
    {
        if (!File.Exists(path))
            throw new DecantException($"there is no file {path}; {writer} writes such files");
        if (new FileInfo(path).Length > most)
            throw new DecantException($"{path} is longer than {most} bytes; it is not {what}");
        return File.ReadAllText(path);
    }

    /// <summary>The tree of one document.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="file">What messages call it.</param>
    /// <param name="what">What it is, such as "a recipe".</param>
    /// <exception cref="RecipeException">It is no YAML, or deeper than anybody needs; the line is named.</exception>
    public static YamlNode Root(string text, string file, string what)
    {
        try
        {
            CheckEvents(text, file, what);
            var yaml = new YamlStream();
            yaml.Load(new StringReader(text));
            return yaml.Documents.Count == 1
                ? yaml.Documents[0].RootNode
                : throw new RecipeException(file, 1, $"{what} is one YAML document");
        }
        catch (YamlException e)
        {
            throw new RecipeException(file, (int)e.Start.Line, $"this is not YAML: {e.Message.Split('\n')[0]}");
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // What the YAML library throws where a text ends within a list, for one.
            throw new RecipeException(
                file,
                text.Count(c => c == '\n') + 1,
                $"this is not YAML: {e.Message.Split('\n')[0]}"
            );
        }
    }

    /// <summary>
    /// Refuses what would make the tree of nodes too deep for the stack, or larger than the text: both cost nothing to
    /// check on events.
    /// </summary>
    private static void CheckEvents(string text, string file, string what)
    {
        var parser = new Parser(new StringReader(text));
        for (int depth = 0; parser.MoveNext(); )
        {
            int line = (int)parser.Current!.Start.Line;
            depth += parser.Current.NestingIncrease;
            if (depth > MaxDepth)
                throw new RecipeException(
                    file,
                    line,
                    $"this is nested more than {MaxDepth} levels deep; {what} needs a few"
                );
            if (parser.Current is AnchorAlias alias)
                throw new RecipeException(
                    file,
                    line,
                    $"'*{alias.Value}' is an alias; {what} says everything where it is meant"
                );
        }
    }

    /// <summary>A scalar, in double quotes where it could be taken for something else.</summary>
    public static string Scalar(string text) => Plain().IsMatch(text) ? text : Quoted(text);

    /// <summary>A scalar in double quotes.</summary>
    public static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in text)
            if (c is '"' or '\\')
                quoted.Append('\\').Append(c);
            else if (char.IsControl(c) || c is '\u2028' or '\u2029' or '\ufeff')
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                quoted.Append(c);
        return quoted.Append('"').ToString();
    }

    /// <summary>Preprocessing as a map in one line.</summary>
    public static string Map(Preprocessing preprocessing) =>
        Map(preprocessing.ToString().Split(';').Select(e => e.Split('=')).Select(e => (e[0], e[1])));

    /// <summary>A map of scalars in one line.</summary>
    public static string Map(IEnumerable<(string Key, string Value)> entries) =>
        $"{{{string.Join(", ", entries.Select(e => $"{Scalar(e.Key)}: {Scalar(e.Value)}"))}}}";

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._/+-]*\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Plain();
}
