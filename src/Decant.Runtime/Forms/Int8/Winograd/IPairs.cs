namespace Decant.Runtime.Forms.Int8.Winograd;

/// <summary>A vector of 32-bit sums, and the pairs of 16-bit numbers that are multiplied and added into them.</summary>
internal unsafe interface IPairs<V> where V : unmanaged
{
    /// <summary>Sums in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Zeros.</summary>
    static abstract V Zero { get; }

    /// <summary>Reads a pair for each sum.</summary>
    static abstract V Load(short* from);

    /// <summary>Writes the sums.</summary>
    static abstract void Store(V value, int* to);

    /// <summary>One pair for every sum.</summary>
    static abstract V Broadcast(int pair);

    /// <summary>sum + a₀·b₀ + a₁·b₁, sums of 32 bits that may wrap.</summary>
    static abstract V MultiplyAdd(V sum, V a, V b);
}
