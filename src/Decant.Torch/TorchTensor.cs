using Decant.Torch.Interop;

namespace Decant.Torch;

/// <summary>
/// A libtorch tensor. It is freed by the <see cref="TorchScope"/> it was made in, or by <see cref="Dispose"/> when it
/// was made outside any scope; there is no finalizer, so one of the two must happen. Copies of the handle (a view, a
/// result of an in-place operator) share the elements, which live until the last handle is freed.
/// </summary>
public sealed partial class TorchTensor : IDisposable
{
    private nint _handle;
    private TorchScope? _scope;
    private int _index;

    internal TorchTensor(nint handle)
    {
        _handle = handle;
        if (TorchScope.Current is { } scope)
            Enter(scope);
    }

    /// <summary>Number of dimensions.</summary>
    public int Rank => Native.dt_rank(Handle);

    /// <summary>Number of elements.</summary>
    public long ElementCount => Native.dt_numel(Handle);

    /// <summary>The element type.</summary>
    public TorchType Type => (TorchType)Native.dt_dtype(Handle);

    /// <summary>Whether the elements lie on a CUDA device.</summary>
    public bool IsCuda => Native.dt_is_cuda(Handle) != 0;

    /// <summary>
    /// The sizes, outermost first, in a new array; <see cref="CopySizes"/> and <see cref="Size"/> allocate nothing.
    /// </summary>
    public long[] Shape
    {
        get
        {
            var sizes = new long[Rank];
            CopySizes(sizes);
            return sizes;
        }
    }

    /// <summary>Whether the tensor was freed.</summary>
    public bool IsDisposed => _handle == 0;

    internal nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(TorchTensor));

    /// <summary>
    /// Writes the sizes, outermost first; <paramref name="sizes"/> must hold at least <see cref="Rank"/> numbers.
    /// </summary>
    public unsafe void CopySizes(Span<long> sizes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sizes.Length, Rank, nameof(sizes));
        fixed (long* p = sizes)
            Native.dt_sizes(Handle, p);
    }

    /// <summary>The size of <paramref name="dimension"/>; negative counts from the last.</summary>
    public unsafe long Size(int dimension)
    {
        int rank = Rank;
        int at = dimension < 0 ? dimension + rank : dimension;
        if ((uint)at >= (uint)rank)
            throw new ArgumentOutOfRangeException(nameof(dimension), dimension, $"the tensor has {rank} dimensions");
        long* sizes = stackalloc long[rank];
        Native.dt_sizes(Handle, sizes);
        return sizes[at];
    }

    /// <summary>Takes the tensor out of its scope: from here on the caller disposes it. Returns the tensor.</summary>
    public TorchTensor Keep()
    {
        _ = Handle;
        Leave();
        return this;
    }

    /// <summary>
    /// Hands the tensor to the scope around its own, or to the caller if there is none. Returns the tensor.
    /// </summary>
    public TorchTensor MoveToOuterScope()
    {
        _ = Handle;
        TorchScope? outer = _scope?.Outer;
        Leave();
        if (outer is not null)
            Enter(outer);
        return this;
    }

    /// <summary>Frees this handle now. Later calls do nothing.</summary>
    public unsafe void Dispose()
    {
        if (_handle == 0)
            return;
        Leave();
        nint handle = Release();
        Native.dt_free(&handle, 1);
    }

    /// <summary>Type and sizes, such as <c>Float32[64, 784]</c>.</summary>
    public override string ToString() => IsDisposed ? "disposed tensor" : $"{Type}[{string.Join(", ", Shape)}]";

    internal nint Release()
    {
        nint handle = _handle;
        _handle = 0;
        _scope = null;
        return handle;
    }

    private void Enter(TorchScope scope)
    {
        _scope = scope;
        _index = scope.Add(this);
    }

    private void Leave()
    {
        _scope?.Remove(_index);
        _scope = null;
    }
}
