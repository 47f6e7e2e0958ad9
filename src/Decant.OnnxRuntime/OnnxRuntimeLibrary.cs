using System.Runtime.InteropServices;
using Decant.Core;
using Decant.OnnxRuntime.Interop;

namespace Decant.OnnxRuntime;

/// <summary>
/// The ONNX Runtime of this process, a peer to measure and to check against. It is looked for in the file or folder
/// that DECANT_ONNXRUNTIME names, or, where that is not set, beside the application and then in the cache that ./dev
/// fills.
/// </summary>
public static class OnnxRuntimeLibrary
{
    private static readonly Lazy<Loaded> Library = new(() =>
        Load(LibrarySearch.Find(Environment.GetEnvironmentVariable, AppContext.BaseDirectory))
    );

    /// <summary>Whether the library is there and loads.</summary>
    public static bool IsAvailable => Problem is null;

    /// <summary>Why the library cannot be used and how to get it, or null when it can.</summary>
    public static string? Problem => Library.Value.Problem;

    /// <summary>Its version, such as <c>1.30.0</c>.</summary>
    /// <exception cref="DecantException">It is not there.</exception>
    public static string Version => Required.Version;

    /// <summary>The table of its functions.</summary>
    /// <exception cref="DecantException">It is not there.</exception>
    internal static nint Table => Required.Table;

    private static Loaded Required =>
        Library.Value is { Problem: null } loaded ? loaded : throw new DecantException(Library.Value.Problem!);

    /// <summary>Loads a library that was found, or says what is wrong with it.</summary>
    internal static unsafe Loaded Load((string? Path, string? Problem) found)
    {
        if (found.Path is not { } path)
            return new Loaded(0, "", found.Problem);
        if (
            !NativeLibrary.TryLoad(path, out nint handle)
            || !NativeLibrary.TryGetExport(handle, "OrtGetApiBase", out nint entry)
        )
            return new Loaded(0, "", $"{path} does not load as ONNX Runtime: {LibrarySearch.Remedy}");
        var (table, version) = OrtApi.Open((delegate* unmanaged<nint*>)entry);
        return table == 0
            ? new Loaded(0, version, $"{path} is ONNX Runtime {version}, which is too old: {LibrarySearch.Remedy}")
            : new Loaded(table, version, null);
    }

    internal sealed record Loaded(nint Table, string Version, string? Problem);
}
