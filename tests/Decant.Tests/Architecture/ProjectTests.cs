using System.Text.RegularExpressions;
using System.Xml.Linq;
using Decant.Core;
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
        ["Decant.Torch"] = [],
        ["Decant.Training"] = ["Decant.Core", "Decant.Formats", "Decant.Torch"],
        ["Decant.Zoo"] = ["Decant.Core"],
        ["Decant.Techniques"] = ["Decant.Core", "Decant.Training"],
        ["Decant"] = ["Decant.Coding", "Decant.Core", "Decant.Formats", "Decant.Runtime", "Decant.Techniques", "Decant.Torch", "Decant.Training", "Decant.Zoo"],
        ["Decant.OnnxRuntime"] = ["Decant.Core", "Decant.Formats"],
        ["Decant.Speed"] = ["Decant", "Decant.OnnxRuntime"],
        ["Decant.Cli"] = ["Decant", "Decant.Speed"],
    };

    private static string Source()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Decant.slnx"))) folder = folder.Parent;
        return Path.Combine(folder!.FullName, "src");
    }

    private static IEnumerable<string> Files(string under = "") => Directory.EnumerateFiles(Path.Combine(Source(), under), "*.cs", SearchOption.AllDirectories)
        .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal));

    [Fact]
    public void ProjectsReferToEachOtherOneWay()
    {
        var actual = Directory.EnumerateFiles(Source(), "*.csproj", SearchOption.AllDirectories).ToDictionary(
            f => Path.GetFileNameWithoutExtension(f),
            f => XDocument.Load(f).Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/'))).Order(StringComparer.Ordinal).ToArray());
        Assert.Equal(References.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        foreach (var (project, references) in References) Assert.Equal(references, actual[project]);
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
    public void NoFileIsLongerThan600Lines()
    {
        foreach (string file in Files()) Assert.True(File.ReadLines(file).Count() <= 600, file);
    }

    [Fact]
    public void AFileHoldsOnePublicTypeOfItsOwnName()
    {
        foreach (string file in Files())
        {
            string[] types = [.. PublicType().Matches(File.ReadAllText(file)).Select(m => m.Groups["name"].Value)];
            Assert.True(types.Length <= 1, $"{file}: {string.Join(", ", types)}");
            if (types.Length == 1) Assert.Equal(types[0], Path.GetFileName(file).Split('.')[0]);
        }
    }

    [Fact]
    public void EveryOperatorHasAFileOfItsNameInEachRoom()
    {
        Assert.NotEmpty(OperatorCatalogue.Types);
        foreach (string room in new[] { "Decant.Core/Operators", "Decant.Runtime/Kernels", "Decant.Training/Operators" })
            foreach (string type in OperatorCatalogue.Types)
                Assert.True(File.Exists(Path.Combine(Source(), room, $"{type}.cs")), $"{room}/{type}.cs is missing");
    }

    [Fact]
    public void NoNameSaysNothing()
    {
        foreach (string file in Files())
            Assert.DoesNotMatch("(Utils|Utilities|Helper|Helpers|Manager)$", Path.GetFileNameWithoutExtension(file));
    }

    [GeneratedRegex(@"^public (?:(?:static|sealed|abstract|partial|readonly|unsafe|ref) )*(?:class|record struct|record|struct|interface|enum|delegate \S+) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();
}
