using System.Reflection;
using System.Runtime.InteropServices;

namespace Decant.Torch.Interop;

/// <summary>Finds libdecant_torch.so beside the application and loads it, once.</summary>
internal static partial class NativeLoader
{
    private const string Remedy =
        "install libtorch-dev, libopenblas0-pthread and g++ (or set DECANT_LIBTORCH to a libtorch folder) "
        + "and build Decant.Torch again";

    private static readonly Lazy<(nint Handle, string? Problem)> Library = new(Load);

    /// <summary>Why libtorch cannot be used, or null when it can.</summary>
    public static string? Problem => Library.Value.Problem;

    public static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Native.Library)
            return 0;
        return Problem is { } problem ? throw new TorchException("libtorch", problem) : Library.Value.Handle;
    }

    private static (nint, string?) Load()
    {
        string file = $"lib{Native.Library}.so";
        string path = Path.Combine(AppContext.BaseDirectory, file);
        if (!File.Exists(path))
            return (0, $"{file} is not beside the application: {Remedy}");
        LetThreadsSleep();
        try
        {
            return (NativeLibrary.Load(path), null);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            return (0, $"{file} does not load ({FirstLine(e.Message)}): {Remedy}");
        }
    }

    /// <summary>
    /// OpenMP's idle threads spin by default and take the cores that OpenBLAS's own threads need; unless the user
    /// chose, let them sleep. OpenMP reads the C environment once, as it loads, and .NET's own setter does not reach
    /// that.
    /// </summary>
    private static void LetThreadsSleep()
    {
        const string Policy = "OMP_WAIT_POLICY";
        if (!OperatingSystem.IsLinux())
            return;
        if (
            Environment.GetEnvironmentVariable(Policy) is null
            && Environment.GetEnvironmentVariable("GOMP_SPINCOUNT") is null
        )
            _ = setenv(Policy, "passive", 0);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);

    private static string FirstLine(string text) => text.AsSpan().Trim().ToString().Split('\n')[0];
}
