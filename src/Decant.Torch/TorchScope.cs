using System.Buffers;
using Decant.Torch.Interop;

namespace Decant.Torch;

/// <summary>
/// Owns every tensor made on this thread while it is the innermost open scope, and frees them all when disposed, at
/// once and without the garbage collector. A tensor leaves it by <see cref="TorchTensor.Keep"/> or
/// <see cref="TorchTensor.MoveToOuterScope"/>. Scopes nest; a scope and its tensors belong to one thread.
/// </summary>
public sealed class TorchScope : IDisposable
{
    private const int Batch = 128;

    [ThreadStatic]
    private static TorchScope? s_current;

    private readonly TorchScope? _outer;
    private TorchTensor?[]? _owned = ArrayPool<TorchTensor?>.Shared.Rent(64);
    private int _count;

    /// <summary>Opens a scope inside the current one.</summary>
    public TorchScope()
    {
        _outer = s_current;
        s_current = this;
    }

    /// <summary>The scope that a tensor made now would belong to, or null.</summary>
    public static TorchScope? Current => s_current;

    /// <summary>The scope around this one, or null.</summary>
    internal TorchScope? Outer => _outer;

    /// <summary>
    /// Frees the tensors it owns. Throws <see cref="InvalidOperationException"/> if an inner scope is still open.
    /// </summary>
    public void Dispose()
    {
        if (_owned is not { } owned)
            return;
        if (s_current != this)
            throw new InvalidOperationException(
                "a TorchScope closes on the thread that opened it, after the scopes inside it"
            );
        s_current = _outer;
        _owned = null;
        Free(owned.AsSpan(0, _count));
        ArrayPool<TorchTensor?>.Shared.Return(owned, clearArray: true);
    }

    internal int Add(TorchTensor tensor)
    {
        TorchTensor?[] owned = _owned!;
        if (_count == owned.Length)
            owned = Grow(owned);
        owned[_count] = tensor;
        return _count++;
    }

    internal void Remove(int index) => _owned![index] = null;

    private TorchTensor?[] Grow(TorchTensor?[] owned)
    {
        TorchTensor?[] larger = ArrayPool<TorchTensor?>.Shared.Rent(owned.Length * 2);
        owned.CopyTo(larger, 0);
        ArrayPool<TorchTensor?>.Shared.Return(owned, clearArray: true);
        return _owned = larger;
    }

    private static unsafe void Free(ReadOnlySpan<TorchTensor?> tensors)
    {
        nint* handles = stackalloc nint[Batch];
        int waiting = 0;
        foreach (TorchTensor? tensor in tensors)
        {
            if (tensor is null)
                continue;
            handles[waiting++] = tensor.Release();
            if (waiting < Batch)
                continue;
            Native.dt_free(handles, waiting);
            waiting = 0;
        }

        if (waiting > 0)
            Native.dt_free(handles, waiting);
    }
}

/// <summary>
/// While it lives, operators on this thread record no gradient graph: <c>using (new NoGrad()) { … }</c>.
/// </summary>
public readonly ref struct NoGrad : IDisposable
{
    private readonly bool _restore;

    /// <summary>Turns gradient recording off on this thread.</summary>
    public NoGrad() => _restore = Native.dt_grad_mode(0) != 0;

    /// <summary>Whether operators on this thread record a gradient graph now.</summary>
    public static bool IsRecording => Native.dt_grad_mode(-1) != 0;

    /// <summary>Restores what was set before.</summary>
    public void Dispose()
    {
        if (_restore)
            _ = Native.dt_grad_mode(1);
    }
}
