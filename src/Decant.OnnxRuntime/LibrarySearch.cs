using System.Runtime.InteropServices;

namespace Decant.OnnxRuntime;

/// <summary>Where ONNX Runtime's library may lie.</summary>
internal static class LibrarySearch
{
    public const string Variable = "DECANT_ONNXRUNTIME";

    public const string Remedy =
        $"'./dev onnxruntime' fetches it, or {Variable} names the library (libonnxruntime.so of "
        + "onnxruntime-node or of ONNX Runtime's own releases)";

    private static readonly string[] Names =
        OperatingSystem.IsWindows() ? ["onnxruntime.dll"]
        : OperatingSystem.IsMacOS() ? ["libonnxruntime.dylib"]
        : ["libonnxruntime.so.1", "libonnxruntime.so"];

    /// <summary>
    /// The library's path, or why there is none. What the variable names is not looked for elsewhere.
    /// </summary>
    public static (string? Path, string? Problem) Find(Func<string, string?> environment, string application)
    {
        if (environment(Variable) is { Length: > 0 } named)
            return File.Exists(named) ? (named, null)
                : In(named) is { } inside ? (inside, null)
                : (null, $"{Variable} is {named}, where there is no {Names[0]}: {Remedy}");
        string cache = Cache(environment);
        return Places(application, cache).Select(In).FirstOrDefault(p => p is not null) is { } path
            ? (path, null)
            : (null, $"ONNX Runtime is not here (looked beside the application and in {cache}): {Remedy}");
    }

    private static IEnumerable<string> Places(string application, string cache)
    {
        yield return application;
        yield return Path.Combine(application, "runtimes", RuntimeInformation.RuntimeIdentifier, "native");
        if (!Directory.Exists(cache))
            yield break;
        foreach (
            string folder in Directory
                .GetDirectories(cache)
                .Where(f => VersionOf(f) is not null)
                .OrderByDescending(VersionOf)
        )
            yield return folder;
    }

    private static Version? VersionOf(string folder) =>
        Version.TryParse(Path.GetFileName(folder), out var version) ? version : null;

    private static string? In(string folder) => Names.Select(n => Path.Combine(folder, n)).FirstOrDefault(File.Exists);

    private static string Cache(Func<string, string?> environment)
    {
        string? cache = environment("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(cache) || !Path.IsPathRooted(cache))
            cache = Path.Combine(
                environment("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
                ".cache"
            );
        return Path.GetFullPath(Path.Combine(cache, "decant", "onnxruntime"));
    }
}
