using System.Runtime.InteropServices;

namespace Decant.Runtime.Memory;

/// <summary>Numbers that never move and begin at a cache line.</summary>
internal sealed unsafe class Pinned<T> where T : unmanaged
{
    private const int Line = 64;

    // Only the reference keeps the memory.
    private readonly T[] array;

    /// <param name="count">How many numbers.</param>
    /// <param name="zeroed">Whether they are zero; else they are whatever was there, for those who write them all.</param>
    public Pinned(int count, bool zeroed = true)
    {
        int room = checked(count + Line / sizeof(T));
        array = zeroed ? GC.AllocateArray<T>(room, pinned: true) : GC.AllocateUninitializedArray<T>(room, pinned: true);
        Address = (T*)((Marshal.UnsafeAddrOfPinnedArrayElement(array, 0) + Line - 1) & -Line);
        Count = count;
    }

    /// <summary>Copies numbers.</summary>
    public Pinned(ReadOnlySpan<T> values) : this(values.Length, zeroed: false) => values.CopyTo(Span);

    /// <summary>The first number. It stays valid while this object is reachable.</summary>
    public T* Address { get; }

    /// <summary>How many numbers.</summary>
    public int Count { get; }

    /// <summary>The numbers.</summary>
    public Span<T> Span => new(Address, Count);
}
