namespace Decant;

/// <summary>
/// Select for native compilation, which C# finds here before Linq's. Linq's goes through a virtual generic method, so
/// that a native compiler that knows no better (.NET 9's) makes it for every pair of types that ever meet, a third of a
/// small executable.
/// </summary>
internal static class Sequences
{
    /// <summary>What a function makes of each item.</summary>
    public static IEnumerable<TResult> Select<T, TResult>(this IEnumerable<T> items, Func<T, TResult> function)
    {
        foreach (T item in items)
            yield return function(item);
    }

    /// <summary>What a function makes of each item and its place.</summary>
    public static IEnumerable<TResult> Select<T, TResult>(this IEnumerable<T> items, Func<T, int, TResult> function)
    {
        int place = 0;
        foreach (T item in items)
            yield return function(item, place++);
    }
}
