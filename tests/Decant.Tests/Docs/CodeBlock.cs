using System.Text.RegularExpressions;
using Decant.Tests.Architecture;

namespace Decant.Tests.Docs;

/// <summary>A fenced block of a page.</summary>
/// <param name="Place">The page and the line where it begins.</param>
/// <param name="Language">What follows the fence.</param>
/// <param name="Text">What is between the fences.</param>
internal sealed partial record CodeBlock(string Place, string Language, string Text)
{
    public string Page => Place.Split(':')[0];

    public override string ToString() => Place;

    /// <summary>Every block of every page of the repository.</summary>
    public static IReadOnlyList<CodeBlock> All()
    {
        string root = Path.GetDirectoryName(ProjectTests.Source())!;
        string[] pages =
        [
            .. Directory.EnumerateFiles(root, "*.md"),
            .. new[] { "docs", "reproduce", "src", "samples" }.SelectMany(folder =>
                Directory.EnumerateFiles(Path.Combine(root, folder), "*.md", SearchOption.AllDirectories)
            ),
        ];
        return
        [
            .. pages
                .Where(p => !p.Contains("/bin/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .SelectMany(p => In(Path.GetRelativePath(root, p), File.ReadAllText(p))),
        ];
    }

    public static IEnumerable<CodeBlock> Of(string language) => All().Where(b => b.Language == language);

    private static IEnumerable<CodeBlock> In(string page, string text) =>
        Fences()
            .Matches(text)
            .Select(m => new CodeBlock(
                $"{page}:{text.AsSpan(0, m.Index).Count('\n') + 1}",
                m.Groups["language"].Value,
                m.Groups["text"].Value
            ));

    [GeneratedRegex(
        "^```(?<language>\\S*)\\n(?<text>.*?)^```",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Fences();
}
