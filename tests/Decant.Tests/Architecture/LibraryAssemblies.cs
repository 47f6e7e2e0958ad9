using System.Reflection;
using System.Runtime.CompilerServices;

namespace Decant.Tests.Architecture;

/// <summary>The library projects of the solution, as compiled.</summary>
internal static class LibraryAssemblies
{
    public static IReadOnlyList<string> Names { get; } =
    [
        "Decant",
        "Decant.Benchmarking",
        "Decant.Coding",
        "Decant.Core",
        "Decant.Data",
        "Decant.Formats",
        "Decant.Reproduce",
        "Decant.Runtime",
        "Decant.Techniques",
        "Decant.Torch",
        "Decant.Training",
        "Decant.Zoo",
    ];

    /// <summary>Every type in the source of the libraries and the command line, nested ones too.</summary>
    public static IReadOnlyList<Type> Types { get; } =
    [
        .. Names
            .Append("Decant.Cli")
            .SelectMany(n => Assembly.Load(n).GetTypes())
            .Where(t => !t.Name.Contains('<', StringComparison.Ordinal))
            .Where(t => !t.IsDefined(typeof(CompilerGeneratedAttribute)))
            .Where(t => t.Namespace?.StartsWith("Decant", StringComparison.Ordinal) == true),
    ];
}
