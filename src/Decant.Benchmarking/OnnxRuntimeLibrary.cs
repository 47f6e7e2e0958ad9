using Decant.Core;
using Microsoft.ML.OnnxRuntime;

namespace Decant.Benchmarking;

/// <summary>The ONNX Runtime of this process, a peer to measure and to check against.</summary>
public static class OnnxRuntimeLibrary
{
    private static readonly Lazy<(string? Version, string? Problem)> Loaded = new(Load);

    /// <summary>Why ONNX Runtime cannot be used here; null when it can.</summary>
    public static string? Problem => Loaded.Value.Problem;

    /// <summary>Its version, such as <c>1.30.0</c>.</summary>
    /// <exception cref="DecantException">It does not load on this system.</exception>
    public static string Version => Loaded.Value.Version ?? throw new DecantException(Problem!);

    /// <summary>Does something with ONNX Runtime; what it refuses becomes an error of one line.</summary>
    /// <exception cref="DecantException">ONNX Runtime does not load here, or refuses; it says why.</exception>
    internal static T Call<T>(Func<T> work)
    {
        if (Problem is { } problem)
            throw new DecantException(problem);
        try
        {
            return work();
        }
        catch (OnnxRuntimeException e)
        {
            throw new DecantException($"ONNX Runtime: {e.Message.ReplaceLineEndings(" ").Trim()}", e);
        }
    }

    private static (string? Version, string? Problem) Load()
    {
        try
        {
            OrtEnv environment = OrtEnv.Instance();
            environment.EnvLogLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR;
            return (environment.GetVersionString(), null);
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or BadImageFormatException)
        {
            string why = (e.InnerException ?? e).Message.ReplaceLineEndings(" ");
            return (null, $"ONNX Runtime does not load on this system: {why}");
        }
    }
}
