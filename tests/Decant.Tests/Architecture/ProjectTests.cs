using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace Decant.Tests.Architecture;

/// <summary>What ARCHITECTURE.md says of the source, checked against the source.</summary>
public sealed partial class ProjectTests
{
    private static readonly Dictionary<string, string[]> References = new()
    {
        ["Decant.Core"] = [],
        ["Decant.Formats"] = ["Decant.Core"],
        ["Decant.Coding"] = ["Decant.Core"],
        ["Decant.Runtime"] = ["Decant.Coding", "Decant.Core"],
        ["Decant.Data"] = ["Decant.Core", "Decant.Formats"],
        ["Decant.Torch"] = [],
        ["Decant.Training"] = ["Decant.Core", "Decant.Data", "Decant.Formats", "Decant.Torch"],
        ["Decant.Zoo"] = ["Decant.Core"],
        ["Decant.Techniques"] = ["Decant.Core", "Decant.Data", "Decant.Runtime", "Decant.Training"],
        ["Decant"] =
        [
            "Decant.Coding",
            "Decant.Core",
            "Decant.Data",
            "Decant.Formats",
            "Decant.Runtime",
            "Decant.Techniques",
            "Decant.Torch",
            "Decant.Training",
            "Decant.Zoo",
        ],
        ["Decant.Reproduce"] = ["Decant", "Decant.Zoo"],
        ["Decant.Benchmarking"] = ["Decant"],
        ["Decant.Cli"] = ["Decant", "Decant.Benchmarking", "Decant.Reproduce"],
    };

    internal static string Source()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Decant.slnx")))
            folder = folder.Parent;
        return Path.Combine(folder!.FullName, "src");
    }

    internal static IEnumerable<string> Files(string under = "") =>
        Directory
            .EnumerateFiles(Path.Combine(Source(), under), "*.cs", SearchOption.AllDirectories)
            .Where(f =>
                !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal)
            );

    [Fact]
    public void ProjectsReferToEachOtherOneWay()
    {
        var actual = Directory
            .EnumerateFiles(Source(), "*.csproj", SearchOption.AllDirectories)
            .ToDictionary(
                f => Path.GetFileNameWithoutExtension(f),
                f =>
                    XDocument
                        .Load(f)
                        .Descendants("ProjectReference")
                        .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')))
                        .Order(StringComparer.Ordinal)
                        .ToArray()
            );
        Assert.Equal(References.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        foreach (var (project, references) in References)
            Assert.Equal(references, actual[project]);
    }

    [Fact]
    public void TheRuntimeAndWhatItNeedsHaveNoPackagesAndAreReadyForNativeCompilation()
    {
        foreach (string project in new[] { "Decant.Core", "Decant.Coding", "Decant.Runtime" })
        {
            XDocument document = XDocument.Load(Path.Combine(Source(), project, $"{project}.csproj"));
            Assert.Empty(document.Descendants("PackageReference"));
            Assert.Equal("true", document.Descendants("IsAotCompatible").Single().Value);
        }
    }

    [Fact]
    public void FilesHoldWhatIsReadTogether()
    {
        int[] lengths = [.. Files().Select(f => File.ReadLines(f).Count()).Order()];
        Assert.InRange(lengths.Length, 1, 800);
        Assert.InRange(lengths[lengths.Length / 2], 50, 150);
        foreach (string file in Files())
            Assert.True(File.ReadLines(file).Count() <= 500, file);
    }

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    [InlineData("bench")]
    [InlineData("samples")]
    public void LinesEndAt120(string folder)
    {
        string[] longer =
        [
            .. Files(Path.Combine("..", folder))
                .SelectMany(f => File.ReadLines(f).Select((line, i) => (File: f, Line: line, Number: i + 1)))
                .Where(l => l.Line.Length > 120)
                .Select(l => $"{l.File}:{l.Number}"),
        ];
        Assert.Empty(longer);
    }

    /// <summary>A test that finds a file, a library or an instruction set missing is skipped, not passed.</summary>
    [Fact]
    public void NoTestPassesBecauseSomethingIsMissing()
    {
        foreach (string file in Files(Path.Combine("..", "tests")))
            Assert.DoesNotMatch(SilentPass(), File.ReadAllText(file));
        Assert.Matches(SilentPass(), "if (!Directory.Exists(folder))\n            return;");
        Assert.DoesNotMatch(SilentPass(), "if (kept == 0)\n            return;");
    }

    /// <summary>Work is spread where threads are counted and cancellation is looked at, nowhere else.</summary>
    [Fact]
    public void WorkIsSpreadInOnePlaceOfAComponent() =>
        Assert.Equal(
            [
                "Decant.Coding/Container/ParallelWork.cs",
                "Decant.Data/Digits/Digits.cs", // Takes a second or two of all threads, before a run begins.
                "Decant.Runtime/Threads.cs",
                "Decant.Techniques/Workers.cs",
            ],
            Files()
                .Where(f => Spreads().IsMatch(File.ReadAllText(f)))
                .Select(f => Path.GetRelativePath(Source(), f).Replace('\\', '/'))
                .Order(StringComparer.Ordinal)
        );

    [Fact]
    public void NoNameSaysNothing()
    {
        foreach (string file in Files())
            Assert.DoesNotMatch("(Utils|Utilities|Helper|Helpers|Manager)$", Path.GetFileNameWithoutExtension(file));
    }

    [GeneratedRegex(@"\bParallel\.(For|ForEach|ForAsync|ForEachAsync|Invoke)\(|\.AsParallel\(|\bTask\.Run\(")]
    private static partial Regex Spreads();

    [GeneratedRegex(
        @"\bif \([^;{}]*(Exists\(|Problem|IsSupported|IsAvailable|OperatingSystem|GetEnvironmentVariable)[^;{}]*\)"
            + @"\s*\{?\s*return;"
    )]
    private static partial Regex SilentPass();
}
