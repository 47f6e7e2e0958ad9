using Decant.Tests.Architecture;
using Xunit;

namespace Decant.Tests.Docs;

/// <summary>
/// The code of CONTRIBUTING.md is that of the examples, which are compiled and run, or of Decant itself.
/// </summary>
public sealed class WorkedExampleTests
{
    public const string Page = "CONTRIBUTING.md";

    private static readonly string Root = Path.GetDirectoryName(ProjectTests.Source())!,
        Examples = Path.Combine(Root, "tests", "Decant.Examples");

    private static CodeBlock[] Blocks =>
        [.. CodeBlock.Of("csharp").Where(b => b.Place.StartsWith(Page, StringComparison.Ordinal))];

    [Fact]
    public void EveryBlockIsCodeThatIsCompiled()
    {
        string[] code = [.. new[] { Examples, ProjectTests.Source() }.SelectMany(Files).Select(CodeOf)];
        Assert.NotEmpty(Blocks);
        Assert.Empty(
            Blocks
                .Where(b => !code.Any(c => c.Contains(Unindented(b.Text), StringComparison.Ordinal)))
                .Select(b => b.Place)
        );
    }

    [Fact]
    public void EveryExampleIsShown()
    {
        string page = File.ReadAllText(Path.Combine(Root, Page));
        Assert.NotEmpty(Files(Examples));
        Assert.All(Files(Examples), f => Assert.Contains(LinkTo(f), page, StringComparison.Ordinal));
    }

    [Fact]
    public void OtherCodeIsNotThatOfAnExample()
    {
        string code = CodeOf(Path.Combine(Examples, "RegressionTask.cs"));
        Assert.Contains(Unindented("    public string Unit => \"\";\n"), code);
        Assert.DoesNotContain(Unindented("public string Unit => \"m\";"), code);
    }

    /// <summary>What the examples may use is what anybody may: no project shows them its internals.</summary>
    [Fact]
    public void ExamplesSeeOnlyWhatIsPublic()
    {
        string[] projects =
        [
            .. Directory.EnumerateFiles(ProjectTests.Source(), "*.csproj", SearchOption.AllDirectories),
        ];
        Assert.NotEmpty(projects);
        Assert.All(projects, p =>
            Assert.DoesNotContain("Decant.Examples", File.ReadAllText(p), StringComparison.Ordinal)
        );
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory
            .EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(f =>
                !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal)
            );

    private static string LinkTo(string example) => $"(tests/Decant.Examples/{Path.GetFileName(example)})";

    private static string CodeOf(string file) => Unindented(File.ReadAllText(file));

    private static string Unindented(string text) =>
        string.Join('\n', text.TrimEnd().Split('\n').Select(line => line.Trim()));
}
