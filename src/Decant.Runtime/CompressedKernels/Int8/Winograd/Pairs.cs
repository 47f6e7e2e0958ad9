using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Runtime.CompressedKernels.Int8.Winograd;

/// <summary>A vector of 32-bit sums, and the pairs of 16-bit numbers that are multiplied and added into them.</summary>
internal unsafe interface IPairs<V>
    where V : unmanaged
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

/// <summary>Eight sums: AVX2.</summary>
internal readonly unsafe struct Pairs256 : IPairs<Vector256<int>>
{
    public static int Count => 8;

    public static Vector256<int> Zero => Vector256<int>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Load(short* from) => Vector256.Load(from).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<int> value, int* to) => value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Broadcast(int pair) => Vector256.Create(pair);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyAdd(Vector256<int> sum, Vector256<int> a, Vector256<int> b) =>
        sum + Avx2.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16());
}

/// <summary>Sixteen sums: AVX-512.</summary>
internal readonly unsafe struct Pairs512 : IPairs<Vector512<int>>
{
    public static int Count => 16;

    public static Vector512<int> Zero => Vector512<int>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Load(short* from) => Vector512.Load(from).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<int> value, int* to) => value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Broadcast(int pair) => Vector512.Create(pair);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> MultiplyAdd(Vector512<int> sum, Vector512<int> a, Vector512<int> b) =>
        sum + Avx512BW.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16());
}

/// <summary>The tiles of a width.</summary>
internal readonly unsafe struct PairMethods
{
    private PairMethods(
        int rows,
        int lanes,
        delegate* <short*, nint, nint, short*, int*, nint, void> one,
        delegate* <short*, nint, nint, short*, int*, nint, void> two
    )
    {
        (Rows, Lanes) = (rows, lanes);
        One = one;
        Two = two;
    }

    /// <summary>Rows of a tile.</summary>
    public int Rows { get; }

    /// <summary>Outputs of a vector.</summary>
    public int Lanes { get; }

    /// <summary>A tile of one vector of outputs.</summary>
    public delegate* <short*, nint, nint, short*, int*, nint, void> One { get; }

    /// <summary>A tile of two.</summary>
    public delegate* <short*, nint, nint, short*, int*, nint, void> Two { get; }

    /// <summary>Whether there are tiles of this width here.</summary>
    public static bool Has(VectorWidth width) => width >= VectorWidth.V256 && Avx2.IsSupported;

    /// <summary>The tiles of a width.</summary>
    public static PairMethods For(VectorWidth width) =>
        width == VectorWidth.V512 && Avx512BW.IsSupported
            ? new(
                PairTile8<Vector512<int>, Pairs512>.Rows,
                Pairs512.Count,
                &PairTile8<Vector512<int>, Pairs512>.One,
                &PairTile8<Vector512<int>, Pairs512>.Two
            )
            : new(
                PairTile4<Vector256<int>, Pairs256>.Rows,
                Pairs256.Count,
                &PairTile4<Vector256<int>, Pairs256>.One,
                &PairTile4<Vector256<int>, Pairs256>.Two
            );
}
