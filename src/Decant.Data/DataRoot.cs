using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Data;

/// <summary>
/// The folders data sets are looked for in: the one the user named; else the one DECANT_DATA names, then the cache.
/// </summary>
public sealed class DataRoot
{
    private readonly ImmutableArray<(string Folder, string Origin)> places;

    private DataRoot(ImmutableArray<(string, string)> places, string downloads) =>
        (this.places, Downloads) = (places, downloads);

    /// <summary>Where downloads go: the folder the user named, else the cache.</summary>
    public string Downloads { get; }

    /// <summary>Finds the folders.</summary>
    /// <param name="folder">The folder to use; null for the one that DECANT_DATA names, then the cache.</param>
    /// <param name="environment">Reads an environment variable; null for the process's own.</param>
    public static DataRoot Resolve(string? folder = null, Func<string, string?>? environment = null)
    {
        if (!string.IsNullOrEmpty(folder))
            return new([(Path.GetFullPath(folder), "given")], Path.GetFullPath(folder));
        environment ??= Environment.GetEnvironmentVariable;
        string cache = CacheFolder(environment);
        return environment("DECANT_DATA") is { Length: > 0 } named
            ? new([(Path.GetFullPath(named), "DECANT_DATA"), (cache, "the cache")], cache)
            : new([(cache, "the cache")], cache);
    }

    /// <summary>The first existing folder among the given names, in each place in turn.</summary>
    /// <param name="set">The data set's name, for the message.</param>
    /// <param name="names">Folder names that would do, best first.</param>
    /// <exception cref="DataException">There is none; the message says where it looked and what would work.</exception>
    public string Find(string set, params ReadOnlySpan<string> names) =>
        Look(names)
        ?? throw new DataException(
            $"data set '{set}' was not found in {string.Join(" or ", places.Select(p => $"{p.Folder} ({p.Origin})"))}; "
                + (DatasetCatalogue.Has(set) ? $"run `decant data get {set}`, or " : "")
                + $"name the folder that holds {names[0]}/ as the data root or in "
                + "DECANT_DATA"
        );

    /// <summary>
    /// The first existing folder among the given names, in each place in turn; null if there is none.
    /// </summary>
    public string? Look(params ReadOnlySpan<string> names)
    {
        foreach (var (folder, _) in places)
        foreach (string name in names)
            if (Path.Combine(folder, name) is var path && Directory.Exists(path))
                return path;
        return null;
    }

    private static string CacheFolder(Func<string, string?> environment)
    {
        // The XDG base directory rules say that a relative path here is to be ignored.
        string? cache = environment("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(cache) || !Path.IsPathRooted(cache))
            cache = Path.Combine(
                environment("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
                ".cache"
            );
        return Path.GetFullPath(Path.Combine(cache, "decant"));
    }
}
