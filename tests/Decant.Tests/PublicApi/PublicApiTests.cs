using System.Reflection;
using Decant.Core;
using Decant.Tests.Architecture;
using PublicApiGenerator;
using Xunit;

namespace Decant.Tests.PublicApi;

/// <summary>
/// The public API of each library lies as a text beside this file, so that a review sees a change of it. With
/// <c>DECANT_ACCEPT_API=1</c> the texts are written first.
/// </summary>
public sealed class PublicApiTests
{
    private static readonly string Folder = Path.Combine(
        ProjectTests.Source(),
        "..",
        "tests",
        "Decant.Tests",
        "PublicApi"
    );

    /// <summary>Attributes that do not change how a member is called, and those of options, which docs list.</summary>
    private static readonly string[] Attributes =
    [
        .. typeof(OptionRangeAttribute)
            .Assembly.GetTypes()
            .Where(t => t.IsSubclassOf(typeof(Attribute)))
            .Select(t => t.FullName!),
        "System.AttributeUsageAttribute",
        "System.Diagnostics.CodeAnalysis.NotNullWhenAttribute",
        "System.FlagsAttribute",
        "System.Runtime.CompilerServices.CollectionBuilderAttribute",
        "System.Runtime.CompilerServices.ParamCollectionAttribute",
        "System.Runtime.CompilerServices.ScopedRefAttribute",
        "System.Runtime.CompilerServices.TupleElementNamesAttribute",
        "System.Text.Json.Serialization.JsonConverterAttribute",
        "System.Text.Json.Serialization.JsonIgnoreAttribute",
        "System.Text.Json.Serialization.JsonNumberHandlingAttribute",
    ];

    public static TheoryData<string> Libraries() => [.. LibraryAssemblies.Names];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void ThePublicApiIsTheAcceptedOne(string library)
    {
        string file = Path.Combine(Folder, $"{library}.txt");
        string actual = Describe(Assembly.Load(library));
        if (Environment.GetEnvironmentVariable("DECANT_ACCEPT_API") == "1")
            File.WriteAllText(file, actual);
        string difference = Difference(File.ReadAllText(file), actual);
        Assert.True(
            difference.Length == 0,
            $"the public API of {library} changed; if that is meant, run this test with DECANT_ACCEPT_API=1 and "
                + $"commit {library}.txt:\n{difference}"
        );
    }

    [Fact]
    public void EveryTextIsOfALibrary() =>
        Assert.Equal(
            LibraryAssemblies.Names.Order(StringComparer.Ordinal),
            Directory
                .EnumerateFiles(Folder, "*.txt")
                .Select(f => Path.GetFileNameWithoutExtension(f))
                .Order(StringComparer.Ordinal)
        );

    [Fact]
    public void ADifferenceNamesTheTypeOfEachLine()
    {
        const string before = "namespace N\n{\n    public class A\n    {\n        public int B { get; }\n    }\n}\n";
        Assert.Empty(Difference(before, before));
        Assert.Equal(
            "- namespace N > public class A > public int B { get; }\n"
                + "+ namespace N > public class A > public long B { get; }",
            Difference(before, before.Replace("int", "long", StringComparison.Ordinal))
        );
        Assert.Equal(
            "+ namespace N > public class A > public int B { get; }",
            Difference(before.Replace("public int B { get; }", "", StringComparison.Ordinal), before)
        );
    }

    private static string Describe(Assembly library) =>
        library
            .GeneratePublicApi(
                new ApiGeneratorOptions { IncludeAssemblyAttributes = false, ExcludeAttributes = Attributes }
            )
            .ReplaceLineEndings("\n")
            .TrimEnd() + "\n";

    private static string Difference(string accepted, string actual)
    {
        string[] before = [.. Declarations(accepted)],
            after = [.. Declarations(actual)];
        return string.Join(
            '\n',
            before.Except(after).Select(d => $"- {d}").Concat(after.Except(before).Select(d => $"+ {d}"))
        );
    }

    /// <summary>Each declaration, after those that hold it.</summary>
    private static IEnumerable<string> Declarations(string text)
    {
        var holders = new Stack<string>();
        string last = "";
        foreach (string line in text.Split('\n').Select(l => l.Trim()))
            switch (line)
            {
                case "":
                    break;
                case "{":
                    holders.Push(last);
                    break;
                case "}":
                    holders.Pop();
                    break;
                default:
                    last = line;
                    yield return string.Join(" > ", holders.Reverse().Append(line));
                    break;
            }
    }
}
