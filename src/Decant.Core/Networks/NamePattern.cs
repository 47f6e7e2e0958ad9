using System.IO.Enumeration;

namespace Decant.Core;

/// <summary>
/// Patterns over names of weights and nodes: * stands for any characters, ? for one, and \ makes the next character
/// stand for itself.
/// </summary>
public static class NamePattern
{
    /// <summary>Whether a pattern matches a whole name.</summary>
    public static bool Matches(string pattern, string name) =>
        FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}
