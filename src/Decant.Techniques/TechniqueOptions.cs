using System.Globalization;
using Decant.Core;

namespace Decant.Techniques;

/// <summary>
/// A technique's options as a recipe gives them: each is read once, by name; one that nobody reads is an error.
/// </summary>
/// <param name="values">The options' texts by name.</param>
/// <param name="fail">Makes the error for an option (null for the technique as a whole); it knows the recipe's
/// lines.</param>
public sealed class TechniqueOptions(
    IReadOnlyDictionary<string, string> values,
    Func<string?, string, DecantException> fail
)
{
    private readonly List<string> known = [];

    /// <summary>Whether the option is given.</summary>
    public bool Has(string name)
    {
        known.Add(name);
        return values.ContainsKey(name);
    }

    /// <summary>A number in a range.</summary>
    /// <exception cref="DecantException">It is no number, or outside the range.</exception>
    public double Number(string name, double low, double high, double? otherwise = null)
    {
        if (!Has(name))
            return otherwise ?? throw fail(null, $"needs '{name}', a number from {low} to {high}");
        if (
            !double.TryParse(values[name], NumberStyles.Float, CultureInfo.InvariantCulture, out double v)
            || !(v >= low && v <= high)
        )
            throw fail(name, $"'{name}: {values[name]}' must be a number from {low} to {high}");
        return v;
    }

    /// <summary>A whole number in a range.</summary>
    /// <exception cref="DecantException">It is no whole number, or outside the range.</exception>
    public int Integer(string name, int low, int high, int? otherwise = null)
    {
        if (!Has(name))
            return otherwise ?? throw fail(null, $"needs '{name}', a whole number from {low} to {high}");
        if (
            !int.TryParse(values[name], NumberStyles.None, CultureInfo.InvariantCulture, out int v)
            || v < low
            || v > high
        )
            throw fail(name, $"'{name}: {values[name]}' must be a whole number from {low} to {high}");
        return v;
    }

    /// <summary>One of some words; the first if left out.</summary>
    /// <exception cref="DecantException">It is another.</exception>
    public string Word(string name, params ReadOnlySpan<string> possible)
    {
        if (!Has(name))
            return possible[0];
        return possible.Contains(values[name])
            ? values[name]
            : throw fail(name, $"'{name}: {values[name]}' must be one of {string.Join(", ", possible.ToArray())}");
    }

    /// <summary>An option's text as it is.</summary>
    public string Text(string name, string otherwise) => Has(name) ? values[name] : otherwise;

    /// <summary>Names or patterns with commas between; none if left out.</summary>
    public IReadOnlyList<string> Names(string name) =>
        Text(name, "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>An error about one option, or about the technique as a whole.</summary>
    public DecantException Error(string? name, string message) => fail(name, message);

    /// <summary>Checks that every option given was read.</summary>
    /// <exception cref="DecantException">One was not; those that there are are named.</exception>
    public void EnsureAllKnown()
    {
        foreach (string name in values.Keys)
            if (!known.Contains(name))
                throw fail(
                    name,
                    $"'{name}' is no option of this technique; there are: "
                        + $"{string.Join(", ", known.Prepend("weights").Distinct())}"
                );
    }
}
