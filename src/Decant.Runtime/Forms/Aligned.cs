using System.Runtime.CompilerServices;

namespace Decant.Runtime.Forms;

/// <summary>Zeroed memory that begins on a cache line and does not move while this is referred to.</summary>
internal sealed unsafe class Aligned<T> where T : unmanaged
{
    private const int Line = 64;
    private readonly T[] array;

    public Aligned(int length)
    {
        array = GC.AllocateArray<T>(checked(length + Line / sizeof(T)), pinned: true);
        Length = length;
        nuint at = (nuint)Unsafe.AsPointer(ref array[0]);
        Pointer = (T*)((at + Line - 1) & ~(nuint)(Line - 1));
    }

    public int Length { get; }

    /// <summary>Where it begins; whoever computes with it keeps the buffer alive meanwhile.</summary>
    public T* Pointer { get; }

    public Span<T> Span => new(Pointer, Length);
}
