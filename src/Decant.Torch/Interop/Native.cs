using System.Runtime.InteropServices;

namespace Decant.Torch.Interop;

/// <summary>The entry points of native/decant_torch.cpp. Those that can fail return -1 or 0 and leave a message.</summary>
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
        if (status < 0) throw Error(operatorName);
    }

    public static nint Check(nint handle, string operatorName) => handle != 0 ? handle : throw Error(operatorName);

    [LibraryImport(Library)] internal static partial byte* dt_last_error();
    [LibraryImport(Library)] internal static partial byte* dt_version();
    [LibraryImport(Library)] internal static partial byte* dt_blas();
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial nint dt_find(string name, string overload);
    [LibraryImport(Library)] internal static partial int dt_call(nint op, NativeValue* args, int count, NativeValue* results, int capacity);
    [LibraryImport(Library)] internal static partial void dt_rest(NativeValue* results, int from);
    [LibraryImport(Library)] internal static partial void dt_free(nint* handles, int count);
    [LibraryImport(Library)] internal static partial nint dt_from(void* data, long bytes, int dtype, long* sizes, int rank);
    [LibraryImport(Library)] internal static partial int dt_copy_to(nint tensor, void* data, long bytes);
    [LibraryImport(Library)] internal static partial int dt_copy_from(nint tensor, void* data, long bytes);
    [LibraryImport(Library)] internal static partial nint dt_data(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int dt_rank(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial long dt_numel(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int dt_dtype(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int dt_is_cuda(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial void dt_sizes(nint tensor, long* sizes);
    [LibraryImport(Library)] internal static partial int dt_item(nint tensor, double* real, long* integer);
    [LibraryImport(Library)] internal static partial int dt_requires_grad(nint tensor);
    [LibraryImport(Library)] internal static partial int dt_set_requires_grad(nint tensor, int on);
    [LibraryImport(Library)] internal static partial int dt_backward(nint tensor, nint gradient, int retainGraph);
    [LibraryImport(Library)] internal static partial nint dt_grad(nint tensor);
    [LibraryImport(Library)] internal static partial int dt_set_grad(nint tensor, nint grad);
    [LibraryImport(Library)] internal static partial void dt_clear_grads(nint* handles, int count);
    [LibraryImport(Library)] internal static partial int dt_on_gradient(nint tensor, delegate* unmanaged[Cdecl]<nint, nint, nint> change, delegate* unmanaged[Cdecl]<nint, void> drop, nint state);
    [LibraryImport(Library)] internal static partial int dt_grad_mode(int on);
    [LibraryImport(Library)] internal static partial int dt_seed(long seed);
    [LibraryImport(Library)] internal static partial nint dt_random_state();
    [LibraryImport(Library)] internal static partial int dt_set_random_state(nint state);
    [LibraryImport(Library)] internal static partial int dt_threads();
    [LibraryImport(Library)] internal static partial int dt_set_threads(int count);
    [LibraryImport(Library)] internal static partial int dt_cuda();
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial int dt_set_device(string name);
    [LibraryImport(Library)] internal static partial int dt_deterministic(int on);
}
