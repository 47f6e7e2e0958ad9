namespace Decant.Core;

/// <summary>Names as messages list them.</summary>
public static class NameList
{
    private const int Named = 8;

    /// <summary>The names with commas between, the first of them where there are many, such as a, b, ….</summary>
    /// <param name="names">The names.</param>
    /// <param name="most">How many are named.</param>
    public static string Of(IReadOnlyCollection<string> names, int most = Named) =>
        string.Join(", ", names.Take(most)) + (names.Count > most ? ", …" : "");
}
