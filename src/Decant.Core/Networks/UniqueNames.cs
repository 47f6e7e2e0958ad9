namespace Decant.Core;

/// <summary>Gives out names, none twice.</summary>
/// <param name="taken">Names that must not be given out.</param>
public sealed class UniqueNames(IEnumerable<string> taken)
{
    private readonly HashSet<string> names = new(taken, StringComparer.Ordinal);
    private readonly Dictionary<(string, string), int> numbers = [];

    /// <summary>A name not taken yet: the one wanted, or with a number between it and its suffix, from 2 on.</summary>
    /// <param name="wanted">The name, taken as it is if it is free.</param>
    /// <param name="suffix">What the name ends with, numbered or not.</param>
    public string Next(string wanted, string suffix = "")
    {
        string name = wanted + suffix;
        // Where many want the same name, each search goes on where the last one ended.
        int number = numbers.GetValueOrDefault((wanted, suffix), 2);
        while (!names.Add(name))
            name = $"{wanted}.{number++}{suffix}";
        numbers[(wanted, suffix)] = number;
        return name;
    }
}
