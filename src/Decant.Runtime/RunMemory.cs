namespace Decant.Runtime;

/// <summary>Counts the bytes of the values that one run makes and has not let go, against a limit.</summary>
/// <param name="slots">How many slots the run has.</param>
/// <param name="limit">The most bytes at once.</param>
/// <param name="held">Bytes that other values take all the while.</param>
internal sealed class RunMemory(int slots, long limit, long held = 0)
{
    private readonly long[] sizes = new long[slots];
    private long live = held;

    /// <summary>Counts a value before memory is taken for it; what the slot held before is let go.</summary>
    /// <exception cref="ModelException">It would be too much.</exception>
    public void Take(int slot, ElementType type, Shape shape)
    {
        Release(slot);
        long bytes = checked(shape.Count * type.Size());
        if (bytes > limit - live)
            throw new ModelException($"a result of {type} {shape} takes {bytes:N0} bytes beside {live:N0} in use; this run may use {limit:N0}: feed a smaller batch, or raise the limit");
        sizes[slot] = bytes;
        live += bytes;
    }

    /// <summary>A slot was emptied; one that no node filled counts nothing.</summary>
    public void Release(int slot)
    {
        live -= sizes[slot];
        sizes[slot] = 0;
    }
}
