using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Decant.Torch.Interop;

/// <summary>What libtorch calls when a gradient is there that <see cref="TorchTensor.OnGradient"/> changes.</summary>
internal static class GradientChange
{
    // Gradients of a GPU come on a thread of its own, not on the one that waits for them.
    private static Exception? s_failure;

    /// <summary>What a call failed with, once.</summary>
    public static Exception? TakeFailure() => Interlocked.Exchange(ref s_failure, null);

    /// <summary>A handle of a function, which <see cref="Drop"/> frees.</summary>
    public static nint Hold(Func<TorchTensor, TorchTensor> change) => GCHandle.ToIntPtr(GCHandle.Alloc(change));

    /// <summary>Calls it with a gradient, owning that; 0 if it fails.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static nint Call(nint held, nint gradient)
    {
#pragma warning disable CA1031 // No exception may cross into native code.
        try
        {
            using var scope = new TorchScope();
            using var noGrad = new NoGrad();
            var change = (Func<TorchTensor, TorchTensor>)GCHandle.FromIntPtr(held).Target!;
            return change(new TorchTensor(gradient)).Keep().Release();
        }
        catch (Exception e)
        {
            s_failure = e;
            return 0;
        }
#pragma warning restore CA1031
    }

    /// <summary>Frees it.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static void Drop(nint held) => GCHandle.FromIntPtr(held).Free();
}
