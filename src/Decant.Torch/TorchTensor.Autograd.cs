using Decant.Torch.Interop;

namespace Decant.Torch;

public sealed partial class TorchTensor
{
    /// <summary>Whether gradients are recorded for it. Setting it needs a leaf of floating type.</summary>
    public bool RequiresGrad
    {
        get => Native.dt_requires_grad(Handle) != 0;
        set => Native.Check(Native.dt_set_requires_grad(Handle, value ? 1 : 0), "requires_grad_");
    }

    /// <summary>
    /// The gradient accumulated by <see cref="Backward"/>, or null. Every read makes a new handle to the same elements,
    /// owned by the current scope. Setting null drops it.
    /// </summary>
    public TorchTensor? Grad
    {
        get => Native.dt_grad(Handle) is var handle and not 0 ? new TorchTensor(handle) : null;
        set => Native.Check(Native.dt_set_grad(Handle, value?.Handle ?? 0), "grad");
    }

    /// <summary>
    /// Adds the gradient of this tensor (of one element, unless <paramref name="gradient"/> gives its own gradient) to
    /// <see cref="Grad"/> of every leaf that requires it. The graph is freed unless <paramref name="retainGraph"/>.
    /// </summary>
    public void Backward(TorchTensor? gradient = null, bool retainGraph = false)
    {
        if (Native.dt_backward(Handle, gradient?.Handle ?? 0, retainGraph ? 1 : 0) >= 0)
            return;
        if (GradientChange.TakeFailure() is { } failure)
            throw new TorchException("backward", $"what changes a gradient failed: {failure.Message}");
        throw Native.Error("backward");
    }

    /// <summary>
    /// Changes the gradient that <see cref="Backward"/> brings to this tensor, before it goes on and is accumulated.
    /// The tensor must be recorded for gradients.
    /// </summary>
    /// <param name="change">Given the gradient; gives one of the same shape. Gradients are not recorded in it.</param>
    public unsafe void OnGradient(Func<TorchTensor, TorchTensor> change) =>
        Native.Check(
            Native.dt_on_gradient(Handle, &GradientChange.Call, &GradientChange.Drop, GradientChange.Hold(change)),
            "register_hook"
        );

    /// <summary>Drops the gradients of <paramref name="tensors"/>.</summary>
    public static unsafe void ClearGrads(ReadOnlySpan<TorchTensor> tensors)
    {
        const int Batch = 64;
        nint* handles = stackalloc nint[Batch];
        for (int from = 0; from < tensors.Length; from += Batch)
        {
            ReadOnlySpan<TorchTensor> part = tensors.Slice(from, Math.Min(Batch, tensors.Length - from));
            for (int i = 0; i < part.Length; i++)
                handles[i] = part[i].Handle;
            Native.dt_clear_grads(handles, part.Length);
        }
    }
}
