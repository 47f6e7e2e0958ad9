using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Xunit;

namespace Decant.Tests.Architecture;

/// <summary>Names of types and members, held to the words of the field.</summary>
public sealed partial class NameTests
{
    /// <summary>Words that say nothing to a practitioner, wherever they stand in a public name.</summary>
    private static readonly string[] Retired =
    [
        "Room",
        "Rooms",
        "House",
        "Coupling",
        "Couplings",
        "Pixel Arithmetic",
        "Pixel Change",
        "Freed",
        "Lone",
        "Turned",
        "Ahead",
        "Ending",
        "Endings",
        "Walk",
        "Stretch",
        "Moved",
        "Taught",
        "Numbers",
    ];

    [Fact]
    public void NoTypeHasTheNameOfANamespace()
    {
        HashSet<string> segments = [.. LibraryAssemblies.Types.SelectMany(t => t.Namespace!.Split('.'))];
        Assert.Contains("Upgrades", segments);
        Assert.Empty(LibraryAssemblies.Types.Where(t => segments.Contains(NameOf(t))).Select(t => t.FullName));
    }

    [Fact]
    public void NoTypeIsAForm() =>
        Assert.Empty(
            LibraryAssemblies.Types.Where(t => Words(NameOf(t))[^1] is "Form" or "Forms").Select(t => t.FullName)
        );

    [Fact]
    public void NoPublicNameHasARetiredWord()
    {
        string[] names = [.. PublicNames().Distinct()];
        Assert.Contains("Decant.Core.DynamicBatch", names);
        Assert.Contains("Decant.Core.DynamicBatch.IsFixed", names);
        string[] retired = [.. names.Where(n => RetiredWordOf(n[(n.LastIndexOf('.') + 1)..]) is not null)];
        Assert.Empty(retired);
    }

    [Theory]
    [InlineData("FreedBatch", "Freed")]
    [InlineData("LonePruning", "Lone")]
    [InlineData("PixelArithmetic", "Pixel Arithmetic")]
    [InlineData("HeadRoom", "Room")]
    [InlineData("Clone", null)]
    [InlineData("PixelCount", null)]
    public void RetiredWordsAreFoundAsWords(string name, string? word) => Assert.Equal(word, RetiredWordOf(name));

    private static string? RetiredWordOf(string name)
    {
        string words = $" {string.Join(' ', Words(name))} ";
        return Retired.FirstOrDefault(r => words.Contains($" {r} ", StringComparison.Ordinal));
    }

    private static IEnumerable<string> PublicNames()
    {
        const BindingFlags declared =
            BindingFlags.Public
            | BindingFlags.NonPublic
            | BindingFlags.Instance
            | BindingFlags.Static
            | BindingFlags.DeclaredOnly;
        foreach (Type type in LibraryAssemblies.Types.Where(t => t.IsVisible))
        {
            string name = $"{type.Namespace}.{NameOf(type)}";
            yield return name;
            foreach (MemberInfo member in type.GetMembers(declared))
                if (IsReachable(member) && !member.IsDefined(typeof(CompilerGeneratedAttribute)))
                    yield return $"{name}.{member.Name[(member.Name.LastIndexOf('.') + 1)..]}";
        }
    }

    private static bool IsReachable(MemberInfo member) =>
        member switch
        {
            FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
            MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
            PropertyInfo property => property.GetAccessors(true).Any(IsReachable),
            _ => false,
        };

    private static string NameOf(Type type) => type.Name.Split('`')[0];

    private static string[] Words(string name) => [.. Word().Matches(name).Select(m => m.Value)];

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z][a-z]*|[a-z]+|[0-9]+")]
    private static partial Regex Word();
}
