using System.Runtime.InteropServices;

namespace Decant.Runtime.Memory;

/// <summary>Zeroed numbers that never move and begin at a cache line.</summary>
internal sealed unsafe class Pinned<T> where T : unmanaged
{
    private const int Line = 64;

    // Only the reference keeps the memory.
    private readonly T[] array;

    public Pinned(int count)
    {
        array = GC.AllocateArray<T>(checked(count + Line / sizeof(T)), pinned: true);
        Address = (T*)((Marshal.UnsafeAddrOfPinnedArrayElement(array, 0) + Line - 1) & -Line);
        Count = count;
    }

    /// <summary>Copies numbers.</summary>
    public Pinned(ReadOnlySpan<T> values) : this(values.Length) => values.CopyTo(Span);

    /// <summary>The first number. It stays valid while this object is reachable.</summary>
    public T* Address { get; }

    /// <summary>How many numbers.</summary>
    public int Count { get; }

    /// <summary>The numbers.</summary>
    public Span<T> Span => new(Address, Count);
}
