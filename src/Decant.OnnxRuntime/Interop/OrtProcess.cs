namespace Decant.OnnxRuntime.Interop;

/// <summary>
/// What all sessions share, as long as the process lives: the environment and the description of ordinary memory.
/// </summary>
internal static class OrtProcess
{
    private static readonly Lazy<nint> Shared = new(OrtApi.NewEnvironment),
        Cpu = new(OrtApi.NewCpuMemory);

    public static nint Environment => Shared.Value;

    public static nint Memory => Cpu.Value;
}
