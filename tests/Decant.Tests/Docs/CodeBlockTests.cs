using System.CommandLine;
using System.Text;
using Decant.Cli.Commands;
using Decant.Pipelines;
using Decant.Quantization;
using Decant.Tests.Architecture;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Decant.Tests.Docs;

/// <summary>What pages show works: programs compile as they stand, commands parse, recipes are read.</summary>
public sealed class CodeBlockTests
{
    // What the SDK adds to a program by ImplicitUsings.
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    /// <summary>Every block is in a language that a test here compiles, parses or reads.</summary>
    [Fact]
    public void EveryBlockIsOfALanguageThatIsChecked()
    {
        string[] others =
        [
            .. CodeBlock.All().Where(b => b.Language is not ("csharp" or "sh" or "yaml")).Select(b => b.Place),
        ];
        Assert.Empty(others);
        Assert.All(new[] { "csharp", "sh", "yaml" }, language => Assert.NotEmpty(CodeBlock.Of(language)));
    }

    /// <summary>But for the worked examples, whose code is that of a project.</summary>
    [Fact]
    public void ProgramsCompileAsTheyStand()
    {
        MetadataReference[] references =
        [
            .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
                .Split(Path.PathSeparator)
                .Select(path => MetadataReference.CreateFromFile(path)),
        ];
        IEnumerable<CodeBlock> programs = CodeBlock
            .Of("csharp")
            .Where(b => !b.Place.StartsWith(WorkedExampleTests.Page, StringComparison.Ordinal));
        Assert.NotEmpty(programs);
        Assert.All(programs, block =>
        {
            var compilation = CSharpCompilation.Create(
                "Program",
                new[] { ImplicitUsings, block.Text }.Select(text => CSharpSyntaxTree.ParseText(text)),
                references,
                new CSharpCompilationOptions(
                    OutputKind.ConsoleApplication,
                    nullableContextOptions: NullableContextOptions.Enable
                )
            );
            Assert.Empty(
                compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => $"{d}")
            );
        });
    }

    [Fact]
    public void CommandsParse() => Assert.All(CodeBlock.Of("sh"), block => Assert.All(Commands(block.Text), Parses));

    [Fact]
    public void RecipesAreRead() => Assert.All(CodeBlock.Of("yaml"), block =>
        {
            if (block.Text.StartsWith("quantization-parameters:", StringComparison.Ordinal))
                QuantizationParametersFile.Read(block.Text, block.Place);
            else
                Pipeline.Parse(Whole(block.Text), block.Place);
        });

    /// <summary>The command lines of a block, without remarks.</summary>
    internal static IEnumerable<string> Lines(string text) =>
        text.Replace("\\\n", " ", StringComparison.Ordinal)
            .Split('\n')
            .Select(line => line.Split('#')[0].Trim())
            .Where(line => line.Length > 0);

    private static IEnumerable<string[]> Commands(string text) =>
        Lines(text)
            .Select(line =>
                line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .SkipWhile(word => word.StartsWith("DECANT_", StringComparison.Ordinal))
                    .ToArray()
            );

    private static void Parses(string[] words)
    {
        switch (words)
        {
            case ["decant", ..]:
                Assert.Empty(DecantCommand.Create().Parse(words[1..]).Errors.Select(e => e.Message));
                break;
            case ["./dev", "decant", ..]:
                Parses(words[1..]);
                break;
            case ["./dev", var command, ..]:
                Assert.Contains($"\n  {command}) ", File.ReadAllText(InRepository("dev")), StringComparison.Ordinal);
                break;
            case ["dotnet", "publish", var project, ..]:
                Assert.True(Directory.Exists(InRepository(project)), project);
                break;
            default:
                // A program that the line before has made, on a file that is there.
                Assert.StartsWith("out/", words[0], StringComparison.Ordinal);
                Assert.True(File.Exists(InRepository(words[^1])), words[^1]);
                break;
        }
    }

    private static string InRepository(string path) =>
        Path.Combine(Path.GetDirectoryName(ProjectTests.Source())!, path);

    /// <summary>A recipe around the lines that a page shows of one.</summary>
    private static string Whole(string text)
    {
        var whole = new StringBuilder(text.StartsWith("recipe:", StringComparison.Ordinal) ? "" : "recipe: page\n");
        if ($"\n{text}".Contains("\nstages:", StringComparison.Ordinal))
            return whole.Append(text).ToString();
        if (text.StartsWith("preprocessing:", StringComparison.Ordinal))
            return whole.Append(text).Append("stages:\n  - {name: train, epochs: 1}\n").ToString();
        string[] techniques = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        whole.Append("techniques:\n");
        foreach (string technique in techniques)
            whole.Append("  ").Append(technique).Append('\n');
        string names = string.Join(", ", techniques.Select(t => t.Split(':')[0]));
        return whole.Append($"stages:\n  - {{name: page, use: [{names}], epochs: 1}}\n").ToString();
    }
}
