using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Decant.Runtime.CompressedKernels;

/// <summary>Zeroed memory that begins on a cache line and does not move while this is referred to.</summary>
internal sealed unsafe class Aligned<T>
    where T : unmanaged
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

/// <summary>
/// Asks for memory before it is read: weights that stream by once arrive faster so than by what the processor guesses.
/// </summary>
internal static unsafe class Prefetch
{
    /// <summary>How many bytes before their use memory is requested.</summary>
    public const int Bytes = 4096;

    /// <summary>Asks for the cache line <see cref="Bytes"/> after <paramref name="at"/>; it need not exist.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Request(void* at)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0((byte*)at + Bytes);
    }
}

/// <summary>
/// The epilogue of a compressed kernel: adds a bias for each output, then takes what is above zero.
/// </summary>
/// <param name="Bias">A number an output, or nothing.</param>
/// <param name="Relu">Whether negative results become zero.</param>
internal sealed record Epilogue(float[]? Bias, bool Relu)
{
    /// <summary>Neither.</summary>
    public static Epilogue Nothing { get; } = new(null, false);

    /// <summary>Applies it to the sum of an output.</summary>
    public float Apply(float sum, int output)
    {
        if (Bias is not null)
            sum += Bias[output];
        return Relu ? MathF.Max(sum, 0) : sum;
    }

    /// <summary>Refuses a bias that is not of <paramref name="outputs"/> numbers.</summary>
    public void Check(int outputs)
    {
        if (Bias is not null && Bias.Length != outputs)
            throw new ArgumentException($"a bias of {Bias.Length} elements for {outputs} outputs");
    }
}
