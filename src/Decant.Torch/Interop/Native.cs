using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Decant.Torch.Interop;

/// <summary>
/// The entry points of native/decant_torch.cpp. Those that can fail return -1 or 0 and leave a message.
/// </summary>
internal static unsafe partial class Native
{
    public const string Library = "decant_torch";

#pragma warning disable CA1810, CA2255 // The resolver must be in place before the first entry point is bound.
    static Native() => NativeLibrary.SetDllImportResolver(typeof(Native).Assembly, NativeLoader.Resolve);
#pragma warning restore CA1810, CA2255

    /// <summary>The exception for the failure just returned on this thread.</summary>
    public static TorchException Error(string operatorName) =>
        new(operatorName, Marshal.PtrToStringUTF8((nint)dt_last_error()) ?? "failed");

    public static void Check(int status, string operatorName)
    {
        if (status < 0)
            throw Error(operatorName);
    }

    public static nint Check(nint handle, string operatorName) => handle != 0 ? handle : throw Error(operatorName);

    [LibraryImport(Library)]
    internal static partial byte* dt_last_error();

    [LibraryImport(Library)]
    internal static partial byte* dt_version();

    [LibraryImport(Library)]
    internal static partial byte* dt_blas();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint dt_find(string name, string overload);

    [LibraryImport(Library)]
    internal static partial int dt_call(nint op, NativeValue* args, int count, NativeValue* results, int capacity);

    [LibraryImport(Library)]
    internal static partial void dt_rest(NativeValue* results, int from);

    [LibraryImport(Library)]
    internal static partial void dt_free(nint* handles, int count);

    [LibraryImport(Library)]
    internal static partial nint dt_from(void* data, long bytes, int dtype, long* sizes, int rank);

    [LibraryImport(Library)]
    internal static partial int dt_copy_to(nint tensor, void* data, long bytes);

    [LibraryImport(Library)]
    internal static partial int dt_copy_from(nint tensor, void* data, long bytes);

    [LibraryImport(Library)]
    internal static partial nint dt_data(nint tensor);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial int dt_rank(nint tensor);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial long dt_numel(nint tensor);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial int dt_dtype(nint tensor);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial int dt_is_cuda(nint tensor);

    [LibraryImport(Library), SuppressGCTransition]
    internal static partial void dt_sizes(nint tensor, long* sizes);

    [LibraryImport(Library)]
    internal static partial int dt_item(nint tensor, double* real, long* integer);

    [LibraryImport(Library)]
    internal static partial int dt_requires_grad(nint tensor);

    [LibraryImport(Library)]
    internal static partial int dt_set_requires_grad(nint tensor, int on);

    [LibraryImport(Library)]
    internal static partial int dt_backward(nint tensor, nint gradient, int retainGraph);

    [LibraryImport(Library)]
    internal static partial nint dt_grad(nint tensor);

    [LibraryImport(Library)]
    internal static partial int dt_set_grad(nint tensor, nint grad);

    [LibraryImport(Library)]
    internal static partial void dt_clear_grads(nint* handles, int count);

    [LibraryImport(Library)]
    internal static partial int dt_on_gradient(
        nint tensor,
        delegate* unmanaged[Cdecl]<nint, nint, nint> change,
        delegate* unmanaged[Cdecl]<nint, void> drop,
        nint state
    );

    [LibraryImport(Library)]
    internal static partial int dt_grad_mode(int on);

    [LibraryImport(Library)]
    internal static partial int dt_seed(long seed);

    [LibraryImport(Library)]
    internal static partial nint dt_random_state();

    [LibraryImport(Library)]
    internal static partial int dt_set_random_state(nint state);

    [LibraryImport(Library)]
    internal static partial int dt_threads();

    [LibraryImport(Library)]
    internal static partial int dt_set_threads(int count);

    [LibraryImport(Library)]
    internal static partial int dt_cuda();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int dt_set_device(string name);

    [LibraryImport(Library)]
    internal static partial int dt_deterministic(int on);
}

/// <summary>One argument or result as the native side sees it (<c>Value</c> in decant_torch.cpp).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeValue
{
    public ValueTag Tag;
    public int Count;
    public long Bits;
}

/// <summary>What a value holds (<c>Tag</c> in decant_torch.cpp).</summary>
internal enum ValueTag
{
    None,
    Tensor,
    Int,
    Double,
    Bool,
    IntList,
    DoubleList,
    TensorList,
    OptionalTensorList,
    String,
}

/// <summary>What libtorch calls when a gradient is there that <see cref="TorchTensor.OnGradient"/> changes.</summary>
internal static class GradientChange
{
    /// <summary>
    /// What a call failed with in graphs that a thread recorded. Gradients of a GPU come on a thread of its own, not on
    /// the one that waits for them; a graph belongs to the thread that recorded it, which also goes backward.
    /// </summary>
    private sealed class Failures
    {
        [ThreadStatic]
        private static Failures? s_ofThread;

        private Exception? _last;

        public static Failures OfThread => s_ofThread ??= new();

        public void Keep(Exception e) => Interlocked.Exchange(ref _last, e);

        public Exception? Take() => Interlocked.Exchange(ref _last, null);
    }

    private sealed record Held(Func<TorchTensor, TorchTensor> Change, TorchRun? Run, Failures Failures);

    /// <summary>What a call failed with in this thread's graphs, once.</summary>
    public static Exception? TakeFailure() => Failures.OfThread.Take();

    /// <summary>A handle of a function, which <see cref="Drop"/> frees.</summary>
    public static nint Hold(Func<TorchTensor, TorchTensor> change) =>
        GCHandle.ToIntPtr(GCHandle.Alloc(new Held(change, TorchRun.Current, Failures.OfThread)));

    /// <summary>Calls it with a gradient, owning that; 0 if it fails.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static nint Call(nint held, nint gradient)
    {
        var state = (Held)GCHandle.FromIntPtr(held).Target!;
#pragma warning disable CA1031 // No exception may cross into native code.
        try
        {
            return Change(state, gradient);
        }
        catch (Exception e)
        {
            state.Failures.Keep(e);
            return 0;
        }
#pragma warning restore CA1031
    }

    private static nint Change(Held state, nint gradient)
    {
        if (state.Run is not { } run)
            return Changed(state, gradient);
        using TorchRun.ThreadEntry entry = run.Enter();
        return Changed(state, gradient);
    }

    private static nint Changed(Held state, nint gradient)
    {
        using var scope = new TorchScope();
        using var noGrad = new NoGrad();
        return state.Change(new TorchTensor(gradient)).Keep().Release();
    }

    /// <summary>Frees it.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static void Drop(nint held) => GCHandle.FromIntPtr(held).Free();
}
