using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Decant.Torch.Interop;

namespace Decant.Torch;

/// <summary>The libtorch of this process: whether it is there, and what it can do.</summary>
public static unsafe partial class LibTorch
{
    /// <summary>The device that is always there.</summary>
    public const string Processor = "cpu";

    /// <summary>Whether libtorch and its native interface are there and load.</summary>
    public static bool IsAvailable => NativeLoader.Problem is null;

    /// <summary>Why libtorch cannot be used and what to install, or null when it can.</summary>
    public static string? Problem => NativeLoader.Problem;

    /// <summary>The version of libtorch, such as <c>1.13.0</c>.</summary>
    public static string Version => Marshal.PtrToStringUTF8((nint)Native.dt_version())!;

    /// <summary>
    /// OpenBLAS's own description (version, processor type, threads), or null when libtorch runs on another BLAS.
    /// </summary>
    public static string? OpenBlas => Marshal.PtrToStringUTF8((nint)Native.dt_blas());

    /// <summary>Whether this libtorch can use a CUDA device here.</summary>
    public static bool CudaAvailable => Native.dt_cuda() != 0;

    /// <summary>Seeds the generators of all devices; inside a <see cref="TorchRun"/>, for that run alone.</summary>
    public static void Seed(long seed)
    {
        TorchRun.Use();
        using Lock.Scope drawing = RandomNumbers.Draw();
        Native.Check(Native.dt_seed(seed), "manual_seed");
    }

    /// <summary>The state of the host's random generator, to be restored by <see cref="SetRandomState"/>.</summary>
    public static byte[] GetRandomState()
    {
        using Lock.Scope drawing = RandomNumbers.Draw();
        return ReadRandomState();
    }

    /// <summary>
    /// Puts the host's random generator into a state from <see cref="GetRandomState"/> of the same libtorch.
    /// </summary>
    public static void SetRandomState(ReadOnlySpan<byte> state)
    {
        using Lock.Scope drawing = RandomNumbers.Draw();
        WriteRandomState(state);
    }

    internal static byte[] ReadRandomState()
    {
        using var state = new TorchTensor(Native.Check(Native.dt_random_state(), "get_state"));
        return state.ToArray<byte>();
    }

    internal static void WriteRandomState(ReadOnlySpan<byte> state)
    {
        using var scope = new TorchScope();
        Native.Check(
            Native.dt_set_random_state(TorchTensor.From(state, state.Length).To(Processor).Handle),
            "set_state"
        );
    }

    /// <summary>Checks that libtorch can compute on a device.</summary>
    /// <exception cref="TorchException">There is no such device, or no libtorch.</exception>
    public static void CheckDevice(string device)
    {
        if (Problem is { } problem)
            throw new TorchException("libtorch", problem);
        if (!DeviceName().IsMatch(device))
            throw new TorchException(
                "device",
                $"there is no '{device}'; cpu, cuda, or cuda:1 for the second GPU would work"
            );
        if (device != Processor && !CudaAvailable)
            throw new TorchException(
                "device",
                $"'{device}' needs a GPU and a libtorch built for CUDA, and this libtorch {Version} "
                    + "finds none; cpu would work, or build again with DECANT_LIBTORCH naming such a libtorch"
            );
    }

    /// <summary>Has this thread make new tensors on a device.</summary>
    internal static void Enter(string device) => Native.Check(Native.dt_set_device(device), $"device '{device}'");

    /// <summary>Threads that one operator of this thread may use; of matrix products, of any thread.</summary>
    internal static void SetThreads(int count) => Native.Check(Native.dt_set_threads(count), "set_num_threads");

    /// <summary>Threads that one operator of this thread may use.</summary>
    public static int Threads => Native.dt_threads();

    /// <summary>
    /// Asks for kernels whose result does not depend on timing; an operator that has none then fails.
    /// </summary>
    public static void UseDeterministicAlgorithms(bool on) =>
        Native.Check(Native.dt_deterministic(on ? 1 : 0), "use_deterministic_algorithms");

    [GeneratedRegex(
        "^(cpu|cuda(:[0-9]{1,3})?)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex DeviceName();
}
