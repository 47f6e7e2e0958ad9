using System.CommandLine;
using System.Text.RegularExpressions;
using Decant.Cli.Commands;
using Decant.Tests.Cli;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Decant.Tests.Architecture;

/// <summary>
/// What a person reads (messages, reports, help, pages, descriptions of recipes) is in the field's terms: phrases that
/// have been retired do not come back.
/// </summary>
[Collection("libtorch")]
public sealed partial class GlossaryTests
{
    /// <summary>Each retired phrase, as a regular expression, and what is said instead.</summary>
    private static readonly (string Phrase, string Say)[] Retired =
    [
        (@"numbers", "weights, parameters, elements, values"),
        (@"(?:a|one|each|every|whole) number of a (?:weight|layer|tensor)", "a weight, an element"),
        (@"pixel arithmetic", "preprocessing"),
        (@"hurts?", "most sensitive"),
        (@"turned over", "compression ratio"),
        (@"held[- ](?:out|apart)", "validation set"),
        (@"brings? (?:\w+ ){1,5}to (?:few|\d+) bits|brought to (?:few|\d+) bits|in(?:to)? few bits", "quantizes"),
        (@"freed of|be freed|free batch", "dynamic batch"),
        (
            @"what is left|are gone|is gone|that goes|that stays|to go(?= |,)(?! with)",
            "remaining, pruned, removed, kept"
        ),
        (@"cuts?", "pruned, removed, truncated, interrupted"),
        (@"taught by|teaches|who teaches", "distilled from, teacher"),
        (@"grids?", "scale, range"),
        (@"shared (?:number|value)s?|shares? a few|sharing", "centroids, weight clustering"),
        (@"trains? it on|trained on and|trains what", "fine-tunes"),
        (@"goes on|gone on|going on", "continues, resumes"),
        (@"house|rooms?", "architecture, project"),
        (@"a must falls short", "a must is missed"),
        (@"points? that (?:moves?|stays?)|points? moved", "dynamic fixed point"),
        (@"by heart", "memorized"),
        (@"drawn on the spot", "generated"),
        (@"images a step", "batch size"),
        (@"stretch|walks?", "range, run, traversal"),
    ];

    /// <summary>Where a retired phrase is right, and why.</summary>
    private static readonly (string Text, string Reason)[] Allowed =
    [
        (@"random numbers", "the field's term"),
        (@"`grid`", "a kind of `regularization`, a recipe's key"),
        (@"numbers` of `fixed-point`", "the former name of a key, which the changelog tells"),
        (@"weight-sharing|sharing\.md", "a former technique name that is accepted, a page's address"),
        (@"\(weight sharing\)", "the field's other term for weight clustering"),
    ];

    [Fact]
    public void MessagesUseTheFieldsTerms() => Assert.Empty(Sources().SelectMany(f => Hits(f.Path, f.Text)));

    /// <summary>Phrases that no documentation comment needs; others may have another meaning in code.</summary>
    [Theory]
    [InlineData("held apart")]
    [InlineData("(goes|gone|going) on (with|where)|run goes on")]
    [InlineData("shared numbers")]
    [InlineData("(who|which network) teaches")]
    [InlineData("free batch|images a step|drawn on the spot|turned over|hurts? most")]
    [InlineData("(each|every|a|one) number of a (weight|layer)(?!s)")]
    public void DocumentationUsesTheFieldsTerms(string retired) =>
        Assert.Empty(
            Directory
                .EnumerateFiles(ProjectTests.Source(), "*.cs", SearchOption.AllDirectories)
                .Where(f => !f.Contains("/obj/", StringComparison.Ordinal))
                .Select(f => (File: f, Docs: Documentation(f)))
                .Where(f => Regex.IsMatch(f.Docs, $@"(?<![\w-])({retired})(?![\w-])", RegexOptions.IgnoreCase))
                .Select(f => Path.GetFileName(f.File))
        );

    private static string Documentation(string file) =>
        string.Join(
            ' ',
            File.ReadLines(file)
                .Select(line => line.TrimStart())
                .Where(line => line.StartsWith("///", StringComparison.Ordinal))
                .Select(line => line[3..].Trim())
        );

    /// <summary>Libraries and recipes do not know of flags; the command line names its own.</summary>
    [Fact]
    public void LibrariesAndRecipesNameNoFlags() =>
        Assert.Empty(
            Sources()
                .Where(s => !s.Path.StartsWith("src/Decant.Cli/", StringComparison.Ordinal))
                .Concat(Recipes().Select(r => (Path: r, Text: File.ReadAllText(Path.Combine(Root, r)))))
                .SelectMany(s => Regex.Matches(s.Text, "(?<![\\w-])--[a-z][a-z-]+").Select(m => $"{s.Path}: {m.Value}"))
        );

    [Fact]
    public void HelpUsesTheFieldsTerms() =>
        Assert.Empty(
            Commands(DecantCommand.Create(), [])
                .SelectMany(path => Hits($"decant {string.Join(' ', path)} --help", Help(path)))
        );

    [Fact]
    public void PagesAndRecipesUseTheFieldsTerms() =>
        Assert.Empty(Pages().SelectMany(page => Hits(page, File.ReadAllText(Path.Combine(Root, page)))));

    [Theory]
    [InlineData("80 % of the numbers are zero")]
    [InlineData("a validation set of images held\nout of training")]
    [InlineData("all channels would be cut")]
    public void ARetiredPhraseIsFound(string text) => Assert.NotEmpty(Hits("text", text));

    [Theory]
    [InlineData("random numbers come from the seed")]
    [InlineData("an executable")]
    public void OtherTextIsNone(string text) => Assert.Empty(Hits("text", text));

    [Fact]
    public void EveryExceptionIsNeeded()
    {
        string all = string.Join(
            '\n',
            Pages().Select(p => File.ReadAllText(Path.Combine(Root, p))).Concat(Sources().Select(s => s.Text))
        );
        Assert.All(Allowed, a => Assert.Matches(a.Text, all));
    }

    private static string Root => Path.GetDirectoryName(ProjectTests.Source())!;

    private static IEnumerable<string> Hits(string place, string text)
    {
        string line = Space().Replace(text, " ");
        string rest = Allowed.Aggregate(line, (t, a) => Regex.Replace(t, a.Text, "…"));
        return Retired.SelectMany(r =>
            Regex
                .Matches(rest, $@"(?<![\w-]){r.Phrase}(?![\w-])", RegexOptions.IgnoreCase)
                .Select(m => $"{place}: '{Around(rest, m)}': say {r.Say}")
        );
    }

    private static string Around(string text, Match match)
    {
        int from = Math.Max(0, match.Index - 30);
        return text[from..Math.Min(text.Length, match.Index + match.Length + 30)];
    }

    private static IEnumerable<string[]> Commands(Command command, string[] path) =>
        command.Subcommands.SelectMany(c => Commands(c, [.. path, c.Name])).Prepend(path);

    private static string Help(string[] path) => CommandLine.Run([.. path, "--help"]).Succeeded().Out;

    /// <summary>The pages of the root, docs, experiments' pages, recipes.</summary>
    private static IEnumerable<string> Pages() =>
        new[] { "README.md", "CHANGELOG.md", "ARCHITECTURE.md", "CONTRIBUTING.md" }
            .Concat(In("docs", "*.md"))
            .Concat(In("reproduce", "*.md"))
            .Concat(Recipes());

    private static IEnumerable<string> Recipes() =>
        In("recipes", "*.yaml").Concat(In("src/Decant.Reproduce/recipes", "*.yaml"));

    private static IEnumerable<string> In(string folder, string pattern) =>
        Directory
            .EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Select(p => Path.GetRelativePath(Root, p))
            .Order(StringComparer.Ordinal);

    /// <summary>The text of every string literal of src/ that has words, one after the other.</summary>
    private static (string Path, string Text)[] Sources() => Literals.Value;

    private static readonly Lazy<(string Path, string Text)[]> Literals = new(() =>
        [
            .. ProjectTests
                .Files()
                .Order(StringComparer.Ordinal)
                .Select(path =>
                    (
                        Path.GetRelativePath(Root, path),
                        string.Join(
                            " ¦ ",
                            CSharpSyntaxTree
                                .ParseText(File.ReadAllText(path))
                                .GetRoot()
                                .DescendantTokens()
                                .Where(t => TextKinds.Contains(t.Kind()))
                                .Select(t => t.ValueText)
                                .Where(t => t.Contains(' ', StringComparison.Ordinal))
                        )
                    )
                ),
        ]
    );

    private static readonly SyntaxKind[] TextKinds =
    [
        SyntaxKind.StringLiteralToken,
        SyntaxKind.SingleLineRawStringLiteralToken,
        SyntaxKind.MultiLineRawStringLiteralToken,
        SyntaxKind.InterpolatedStringTextToken,
    ];

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
